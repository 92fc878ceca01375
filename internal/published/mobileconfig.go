package published

import (
	"bytes"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// ReadMobileConfig reads an Apple profile: XML or binary, plain or signed. A
// signature is looked at, and nothing is trusted for it.
func ReadMobileConfig(source []byte) Document {
	d := Document{Read: true, Format: MobileConfig}
	if len(source) > MaxPlist {
		d.tooLarge(MaxPlist)
		return d
	}
	if len(source) > 0 && source[0] == 0x30 {
		if source = d.unwrap(source); source == nil {
			return d
		}
	}
	root := d.plist(source)
	if root == nil {
		return d
	}
	d.profile(root)
	d.order()
	d.sort()
	return d
}

// plist reads a property list; nil: it cannot be read, and why is said.
func (d *Document) plist(source []byte) *node {
	if bytes.HasPrefix(source, []byte("bplist")) {
		root, broken := parseBinaryPlist(source)
		if broken != nil {
			d.broken(broken, "property list")
		}
		return root
	}
	x := d.xml(source, MaxPlist)
	if x == nil {
		return nil
	}
	if x.Root.Name != "plist" || len(x.Root.Children) != 1 {
		d.unreadable(x.Root.Line, "settings.unknown_value", "The document begins with <{element}>, or holds more than one value; a profile is one value in <plist>.", "Make the profile anew.",
			finding.Args{"element": x.Root.Name})
		return nil
	}
	root, broken := ofPlist(x.Root.Children[0])
	if broken != nil {
		d.broken(broken, "property list")
		return nil
	}
	return root
}

// mailPayload is the type of payload that sets up mail.
const mailPayload = "com.apple.mail.managed"

func (d *Document) profile(root *node) {
	d.Name = root.at("PayloadDisplayName").string()
	if kind := root.at("PayloadType").string(); kind != "Configuration" && kind != mailPayload {
		d.missing(root.line, "PayloadType Configuration", "The profile", finding.Error)
	}
	payloads := []*node{root}
	if content := root.at("PayloadContent"); content != nil {
		payloads = content.list
	}
	mail := 0
	for _, p := range payloads {
		d.passwords(p)
		if p.at("PayloadType").string() == mailPayload {
			mail++
			d.payload(p)
		}
	}
	if mail == 0 {
		d.missing(root.line, "payload for mail ("+mailPayload+")", "The profile", finding.Warning)
	}
}

// payload reads the settings of one account.
func (d *Document) payload(p *node) {
	protocol, kind := settings.IMAP, p.at("EmailAccountType")
	switch kind.string() {
	case "EmailTypeIMAP":
	case "EmailTypePOP":
		protocol = settings.POP3
	case "":
		d.missing(p.line, "EmailAccountType", "The payload", finding.Error)
		protocol = ""
	default:
		d.says(kind.line, "settings.unknown_value", "EmailAccountType is {value}, which there is not.", "Write EmailTypeIMAP or EmailTypePOP.", finding.Args{"value": quoted(kind.string())})
		protocol = ""
	}
	address := p.at("EmailAddress").string()
	if protocol != "" {
		d.side(p, "IncomingMailServer", protocol, address)
	}
	d.side(p, "OutgoingMailServer", settings.SMTP, address)
}

// passwords says where a payload of any kind holds one.
func (d *Document) passwords(p *node) {
	for i, key := range p.keys {
		value := p.list[i]
		if strings.Contains(key, "Password") && value.string() != "" {
			d.says(value.line, "settings.embedded_password", "The profile holds a password ({key}): whoever gets the file can read the mail.",
				"Take the password out, so that the device asks for it; where the file was handed out, have the password changed.", finding.Args{"key": key})
		}
	}
}

var appleWays = map[string]string{
	"EmailAuthPassword": "password", "EmailAuthCRAMMD5": "encrypted", "EmailAuthHTTPMD5": "encrypted", "EmailAuthNTLM": "ntlm", "EmailAuthNone": "none",
}
