"""Reads what was written with Python's own library: profiles and PACC."""
import glob, json, plistlib, re, sys, uuid

profiles = 0
for path in sorted(glob.glob(sys.argv[1] + "/*.mobileconfig")):
    with open(path, "rb") as f:
        p = plistlib.load(f)
    assert p["PayloadType"] == "Configuration" and p["PayloadVersion"] == 1, path
    [mail] = p["PayloadContent"]
    assert mail["PayloadType"] == "com.apple.mail.managed" and mail["PayloadVersion"] == 1, path
    assert mail["EmailAccountType"] in ("EmailTypeIMAP", "EmailTypePOP"), path
    assert uuid.UUID(p["PayloadUUID"]).version == 5 and uuid.UUID(mail["PayloadUUID"]).version == 5, path
    assert p["PayloadUUID"] != mail["PayloadUUID"] and p["PayloadIdentifier"] != mail["PayloadIdentifier"], path
    for side in "Incoming", "Outgoing":
        key = side + "MailServer"
        assert re.fullmatch(r"[A-Za-z0-9.:-]+", mail[key + "HostName"]), path
        assert type(mail[key + "PortNumber"]) is int and 0 < mail[key + "PortNumber"] < 65536, path
        assert type(mail[key + "UseSSL"]) is bool, path
        assert mail[key + "Authentication"] in ("EmailAuthPassword", "EmailAuthCRAMMD5", "EmailAuthNTLM", "EmailAuthNone"), path
    known = {
        "EmailAccountDescription", "EmailAccountType", "EmailAddress", "OutgoingPasswordSameAsIncomingPassword",
        "PayloadDisplayName", "PayloadIdentifier", "PayloadType", "PayloadUUID", "PayloadVersion",
    } | {side + "MailServer" + k for side in ("Incoming", "Outgoing") for k in ("Authentication", "HostName", "PortNumber", "UseSSL", "Username")}
    assert set(mail) <= known, (path, set(mail) - known)
    profiles += 1

configurations = 0
for path in sorted(glob.glob(sys.argv[1] + "/*.json")):
    with open(path, encoding="utf-8") as f:
        c = json.load(f)
    assert c["authentication"] == {"password": True} and c["protocols"], path
    for name, at in c["protocols"].items():
        assert name in ("imap", "pop3", "submit", "smtp") and list(at) == ["host"], path
    assert c["info"]["provider"]["name"], path
    configurations += 1

assert profiles > 50 and configurations > 50, (profiles, configurations)
