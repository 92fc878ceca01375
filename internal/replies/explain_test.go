package replies

import (
	"reflect"
	"strings"
	"testing"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

func TestFindingCodesHaveTheirPages(t *testing.T) {
	longest := "perf.slow_" + strings.Repeat("x", 70)
	for text, code := range map[string]string{
		"cert.expired": "cert.expired", " CERT.EXPIRED\n": "cert.expired", "auth.required": "auth.required",
		"tls.alert_decode_error": "tls.alert_decode_error", "perf.slow_greeting": "perf.slow_greeting", longest: longest,
	} {
		p, _ := finding.PageOf(code)
		want := []Match{{Code: code, Severity: p.Severity, Blame: p.Blame, Title: p.Title, Cause: p.Means, Remedy: p.Fix,
			Judged: finding.JudgedMaybe, References: p.References}}
		if got := Explain(Query{Text: text}); !reflect.DeepEqual(got, want) || p.Means == "" {
			t.Errorf("%q\n got %+v\nwant %+v", text, got, want)
		}
	}
	if got := Explain(Query{Text: longest + "x"}); got != nil {
		t.Errorf("a long word\n got %+v\nwant none", got)
	}
}

func TestProviderIsRecognisedFromTheText(t *testing.T) {
	for _, c := range []struct{ text, provider string }{
		{"220 smtp.gmail.com ESMTP d9443c01a7336 - gsmtp\n535 5.7.8 Username and Password not accepted.", "gmail"},
		{"* OK The Microsoft Exchange IMAP4 service is ready. [abc=]\na1 NO LOGIN failed.", "microsoft"},
		{"220 smtp.163.com Anti-spam GT for Coremail System\n535 Error: authentication failed", "netease"},
		{"imap.web.de: 2 NO authentication failed", "web.de"},
		{"Server: imap.t-online.de\na NO [AUTHENTICATIONFAILED] Authentication failed.", "t-online"},
	} {
		got := Explain(Query{Text: c.text})
		if len(got) == 0 || got[0].Provider != c.provider {
			t.Errorf("%s\n got %+v\nwant provider %s", c.text, got[:min(len(got), 1)], c.provider)
		}
	}
}

// TestProtocolIsTold: by the form of a pasted reply, before what is asked for.
func TestProtocolIsTold(t *testing.T) {
	for _, c := range []struct {
		line string
		q    Query
		want settings.Protocol
	}{
		{"no answer at all", Query{}, ""},
		{"no answer at all", Query{Protocol: settings.POP3}, settings.POP3},
		{"-ERR no", Query{}, settings.POP3},
		{"-ERR no", Query{Protocol: settings.IMAP}, settings.POP3},
		{"-ERR no", Query{Protocol: settings.IMAP, Layer: LayerAuth}, settings.IMAP},
		{"-ERR no", Query{Layer: LayerAuth}, settings.POP3},
		{"250 OK", Query{}, settings.SMTP},
		{"550 5.1.1 mail", Query{Protocol: settings.IMAP}, settings.SMTP},
		{"a1 NO mail", Query{}, settings.IMAP},
		{"a1 NO mail", Query{Protocol: settings.POP3}, settings.POP3},
	} {
		if got := readWording(c.line, c.q.Layer).protocol(c.q); got != c.want {
			t.Errorf("%s, %+v\n got %q\nwant %q", c.line, c.q, got, c.want)
		}
	}
}

// TestWordsWithAProtocol: a text whose protocol is known is a server's, even
// without the form of a reply.
func TestWordsWithAProtocol(t *testing.T) {
	for _, c := range []struct {
		protocol settings.Protocol
		text     string
		want     string
	}{
		{settings.POP3, "Host not allowed", "auth.policy_blocked"},
		{settings.SMTP, "Host not allowed", "send.blocklisted proto.greeting_reject"},
		{settings.IMAP, "no such user here", "auth.user_unknown auth.user_form auth.rejected"},
		{"", "no such parcel here", ""},
	} {
		if got := codes(Explain(Query{Text: c.text, Protocol: c.protocol})); got != c.want {
			t.Errorf("%s: %s\ngot  %s\nwant %s", c.protocol, c.text, got, c.want)
		}
	}
}

func TestSuccessIsNoFault(t *testing.T) {
	for text, want := range map[string]bool{
		"250 2.0.0 Ok: queued as 4F2kz1":                       true,
		"a1 OK LOGIN completed":                                true,
		"220 mail.example.org ESMTP\n250-PIPELINING\n250 SIZE": true,
		"* BYE Logging out\na3 OK Logout completed.":           true,
		"250 OK\n550 5.1.1 User unknown":                       false,
		"+OK Dovecot ready.\n+OK Logged in.":                   true,
		"+OK ready\n-ERR [AUTH] no":                            false,
		"not +OK but nothing":                                  false,
		"hello world":                                          false,
		"":                                                     false,
	} {
		if got := Agrees(text); got != want {
			t.Errorf("%q\n got %v\nwant %v", text, got, want)
		}
	}
}

func TestTheEndOfALongTextIsRead(t *testing.T) {
	got := Explain(Query{Text: strings.Repeat("nothing here\n\n", maxText) + "535 5.7.8 authentication failed"})
	if len(got) == 0 || got[0].Code != "auth.rejected" {
		t.Errorf("got %+v\nwant auth.rejected", got)
	}
}

func TestLongTexts(t *testing.T) {
	const bounce = `This is the mail system at host mail.example.org.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

For further assistance, please send mail to postmaster.

<bob@example.com>: host mx.example.com[192.0.2.25] said: 550-5.1.1 The email
    account that you tried to reach does not exist. Please try 550-5.1.1
    double-checking the recipient's email address for typos or 550-5.1.1
    unnecessary spaces. 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser x - gsmtp
    (in reply to RCPT TO command)

Reporting-MTA: dns; mail.example.org
Final-Recipient: rfc822; bob@example.com
Action: failed
Status: 5.1.1
`
	const dialog = `An error occurred while sending mail. The mail server responded:
535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is
disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more
information. [FR0P281CA0001.DEUP281.PROD.OUTLOOK.COM].
Please check your user name.`
	const transcript = `220 mail.example.com ESMTP
C: EHLO me
250-mail.example.com
250-STARTTLS
250 AUTH PLAIN
C: AUTH PLAIN AG1lAHNlY3JldA==
535 5.7.8 Error: authentication failed:
QUIT
221 2.0.0 Bye`
	for _, c := range []struct{ name, text, code, provider string }{
		{"bounce", bounce, "send.recipient_refused", "gmail"},
		{"dialog with wrapped lines", dialog, "auth.smtp_auth_disabled", "microsoft"},
		{"transcript", transcript, "auth.rejected", ""},
		{"reply behind much noise", strings.Repeat("nothing to see here\n\n", 3000) + "a1 NO [EXPIRED] Password expired", "auth.expired", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Explain(Query{Text: c.text})
			if len(got) == 0 || got[0].Code != c.code || got[0].Provider != c.provider {
				t.Errorf(" got %+v\nwant %s %s", got[:min(len(got), 1)], c.code, c.provider)
			}
			for _, m := range got {
				if strings.Contains(m.Evidence, "AG1lAHNlY3JldA") {
					t.Errorf("evidence holds what the client sent: %s", m.Evidence)
				}
			}
		})
	}
}

func TestAnObjectIsOneAnswer(t *testing.T) {
	const object = "{\n  \"error\": \"invalid_grant\",\n  \"error_description\": \"AADSTS12345: It has expired.\"\n}"
	if got := codes(Explain(Query{Text: object})); got != "auth.oauth_refused" {
		t.Errorf("got  %s\nwant auth.oauth_refused", got)
	}
}

func codes(matches []Match) string {
	var all []string
	for _, m := range matches {
		all = append(all, m.Code)
	}
	return strings.Join(all, " ")
}

func FuzzExplainIsBoundedAndSafe(f *testing.F) {
	for i, known := range written(f) {
		if i%20 == 0 {
			f.Add(known.text, "")
		}
	}
	f.Add(`{"error":"invalid_grant","error_description":"AADSTS70008: x"}`, "office365")
	f.Fuzz(func(t *testing.T, text, provider string) {
		for _, layer := range []string{"", LayerAuth, LayerToken} {
			for _, m := range Explain(Query{Text: text, Provider: provider, Layer: layer}) {
				if m.Code == "" || len(m.Evidence) > maxEvidence+3 && m.Layer != "" {
					t.Errorf("bad match: %+v", m)
				}
			}
		}
	})
}

func FuzzNormaliseIsStable(f *testing.F) {
	f.Add("535-5.7.8 a\r\n535 5.7.8 b")
	f.Add("\x1b[31m\u201cNO\u201d\u00a0[X]\\r\\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range passages(text) {
			if strings.ContainsAny(p.text, "\n\r\x1b\x00") || p.text != collapse(p.text) || len(p.text) > maxText {
				t.Errorf("%q is not normalised", p.text)
			}
		}
	})
}

func BenchmarkExplainOneLine(b *testing.B) {
	for b.Loop() {
		Explain(Query{Text: "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6"})
	}
}

func BenchmarkExplainLargestText(b *testing.B) {
	text := strings.Repeat("535 5.7.8 Error: some text that goes on and on "+"550 x\n", maxText/50)
	for b.Loop() {
		Explain(Query{Text: text})
	}
}
