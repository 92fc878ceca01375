package replies

import (
	"slices"
	"strings"
	"testing"
)

func TestFindingCodesHaveTheirPages(t *testing.T) {
	for _, text := range []string{"cert.expired", " CERT.EXPIRED\n", "tls.alert_decode_error", "perf.slow_greeting"} {
		got := Explain(Query{Text: text})
		if len(got) != 1 || got[0].Code != strings.ToLower(strings.TrimSpace(text)) || got[0].Cause == "" {
			t.Errorf("%q\n got %+v\nwant its page", text, got)
		}
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

func TestSuccessIsNoFault(t *testing.T) {
	for text, want := range map[string]bool{
		"250 2.0.0 Ok: queued as 4F2kz1":                       true,
		"a1 OK LOGIN completed":                                true,
		"220 mail.example.org ESMTP\n250-PIPELINING\n250 SIZE": true,
		"* BYE Logging out\na3 OK Logout completed.":           true,
		"250 OK\n550 5.1.1 User unknown":                       false,
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

func TestPassages(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"continuation", "534-5.7.9 one\r\n534-5.7.9 two\r\n534 5.7.9 three", []string{"534-5.7.9 one 534-5.7.9 two 534 5.7.9 three"}},
		{"two replies", "250 ok\n535 no", []string{"250 ok", "535 no"}},
		{"wrapped", "535 one\n  two", []string{"535 one two"}},
		{"paragraphs", "one\n\ntwo", []string{"one", "two"}},
		{"client's lines", "C: AUTH x\nS: 535 no", []string{"535 no"}},
		{"escapes", `535-5.7.8 one\r\n535 5.7.8 two`, []string{"535-5.7.8 one 535 5.7.8 two"}},
		{"tags", "a1 OK x\na2 NO y", []string{"a1 OK x", "a2 NO y"}},
		{"nothing", " \r\n\t", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, p := range passages(c.text) {
				got = append(got, p.text)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf(" got %q\nwant %q", got, c.want)
			}
		})
	}
}

func FuzzExplainIsBoundedAndSafe(f *testing.F) {
	for i, line := range strings.Split(heldOut, "\n") {
		if _, text, ok := strings.Cut(line, " # "); ok && i%20 == 0 {
			f.Add(text, "")
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

func BenchmarkLoadTables(b *testing.B) {
	for b.Loop() {
		if _, err := loadTable(embedded); err != nil {
			b.Fatal(err)
		}
	}
}
