package replies

import (
	"strings"
	"testing"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/lab/detector"
	"mailprobe/internal/settings"
)

// question is the query under which a row's sample must find the row.
func question(f *replyFile, r *row, sample string) Query {
	q := Query{Text: sample, Layer: r.Layer, At: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	if f.Provider != "any" {
		q.Provider = f.Provider
	}
	if len(r.Protocols) > 0 {
		q.Protocol = r.Protocols[0]
	}
	if r.From != "" {
		q.At, _ = time.Parse(time.DateOnly, r.From)
	}
	return q
}

// same says whether a match tells what a row tells. Where the row's texts have
// a blank, its samples have 999999.
func same(m Match, r *row) bool {
	full := func(text string) string { return blank.ReplaceAllString(text, "999999") }
	return m.Code == r.Code && m.Cause == full(r.page().Means) && m.Remedy == full(r.page().Fix)
}

func TestEverySampleFindsItsRow(t *testing.T) {
	detector.Spare(t)
	table := embeddedTable()
	for _, f := range append([]*replyFile{table.any}, table.providers...) {
		for _, r := range f.Rows {
			for _, sample := range r.Samples {
				got := Explain(question(f, r, sample))
				if len(got) == 0 || !same(got[0], r) {
					t.Errorf("%s: %s\n got %+v\nwant %s: %s", f.Provider, sample, got[:min(len(got), 1)], r.Code, r.Cause)
				}
			}
		}
	}
}

// Words that only one provider uses are known without being told the provider.
func TestDistinctiveSamplesNeedNoProvider(t *testing.T) {
	detector.Spare(t)
	for _, f := range embeddedTable().providers {
		for _, r := range f.Rows {
			if r.Scope != anywhere || r.From != "" {
				continue
			}
			for _, sample := range r.Samples {
				got := Explain(Query{Text: sample, At: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)})
				if len(got) == 0 || got[0].Code != r.Code {
					t.Errorf("%s: %s\n got %+v\nwant %s", f.Provider, sample, got[:min(len(got), 1)], r.Code)
				}
			}
		}
	}
}

func TestEveryCodeHasItsStandardMeaning(t *testing.T) {
	detector.Spare(t)
	for list, meanings := range embeddedTable().standard.lists() {
		for _, m := range *meanings {
			got := Explain(Query{Text: m.Sample})
			if len(got) == 0 || got[0].Code != m.Code {
				t.Errorf("%s %s: %s\n got %+v\nwant %s", list, m.Reply, m.Sample, got[:min(len(got), 1)], m.Code)
			}
		}
	}
}

func TestRowsWithDatesChangeOnTheDay(t *testing.T) {
	text := "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
	before := Explain(Query{Text: text, At: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)})[0]
	after := Explain(Query{Text: text, At: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)})[0]
	if before.Cause == after.Cause {
		t.Errorf("the cause does not change: %s", after.Cause)
	}
	if want := "default"; !strings.Contains(after.Cause, want) {
		t.Errorf("got %q\nwant it to contain %q", after.Cause, want)
	}
}

func TestJudged(t *testing.T) {
	for _, c := range []struct {
		name, text, provider string
		want                 finding.Judged
	}{
		{"switched off for the tenant", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", "office365", finding.JudgedNo},
		{"IMAP off at Gmail", "a NO [ALERT] Your account is not enabled for IMAP use. (Failure)", "gmail", finding.JudgedNo},
		{"temporary", "454 4.7.0 Temporary authentication failure", "", finding.JudgedNo},
		{"temporary at Proton Bridge", "454 4.7.0 invalid username or password", "proton-bridge", finding.JudgedYes},
		{"rejected", "a NO [AUTHENTICATIONFAILED] Authentication failed.", "", finding.JudgedMaybe},
		{"rejected at Gmail", "2 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "gmail", finding.JudgedYes},
		{"old Exchange words", "2 NO LOGIN failed.", "office365", finding.JudgedMaybe},
		{"words that no row knows", "a1 NO Nothing doing", "", finding.JudgedMaybe},
		{"words that no row knows, POP3", "-ERR Nein", "", finding.JudgedMaybe},
		{"a policy", "550 5.7.1 Refused", "", finding.JudgedMaybe},
		{"throttled", "454 4.7.0 Too many login attempts", "gmail", finding.JudgedMaybe},
		{"a rejection that reads like a demand", "535 Authentication required.", "", finding.JudgedMaybe},
		{"a rejection that names the mechanism", "535 5.7.8 Error: authentication failed: Invalid authentication mechanism", "", finding.JudgedMaybe},
		{"encryption is missing, by words and code", "538 5.7.11 Encryption required for requested authentication mechanism", "", finding.JudgedNo},
		{"encryption is missing, by other words", "538 5.7.11 Der Mechanismus verlangt TLS", "", finding.JudgedNo},
		{"the code of missing encryption, and a wrong password", "538 5.7.8 wrong password", "", finding.JudgedMaybe},
		{"encryption is missing, by words alone", "535 5.7.8 Encryption required for requested authentication mechanism", "", finding.JudgedMaybe},
		{"too weak", "534 5.7.9 Authentication mechanism is too weak", "", finding.JudgedNo},
		{"too weak for whom", "534 5.7.9 Authentication mechanism is too weak, wrong password", "", finding.JudgedMaybe},
		{"another method needed", "504 5.5.4 Unsupported authentication mechanism.", "", finding.JudgedNo},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Explain(Query{Text: c.text, Provider: c.provider, Layer: LayerAuth})
			if len(got) == 0 || got[0].Judged != c.want {
				t.Errorf(" got %+v\nwant judged %s", got, c.want)
			}
		})
	}
}

func TestOneFailureIsNeverCalledAWrongPassword(t *testing.T) {
	got := Explain(Query{Text: "a NO [AUTHENTICATIONFAILED] Authentication failed."})
	want := "auth.rejected auth.app_password_required auth.not_enabled"
	if got := codes(got); got != want {
		t.Errorf(" got %s\nwant %s", got, want)
	}
}

// What a client or a transport puts around a reply does not change what it
// means.
func TestWrappingDoesNotChangeTheAnswer(t *testing.T) {
	detector.Spare(t)
	smtp := []string{
		"535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6",
		"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information.",
		"534 5.7.9 Application-specific password required. Learn more at https://support.google.com/mail/?p=InvalidSecondFactor x1-2 - gsmtp",
		"550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown",
		"530 5.7.0 Must issue a STARTTLS command first",
		"454 4.7.0 Temporary authentication failure",
		"552 5.3.4 Message size exceeds fixed limit",
	}
	for _, reply := range smtp {
		want := best(t, Query{Text: reply})
		code, rest, _ := strings.Cut(reply, " ")
		enh, words, _ := strings.Cut(rest, " ")
		half := strings.Index(words, " ") + 1
		for name, text := range map[string]string{
			"Thunderbird":   "An error occurred while sending mail. The mail server responded: " + reply + ".",
			"prefix":        "SMTP server said: " + reply,
			"login failed":  "Login failed: " + reply,
			"curl":          "< " + reply,
			"swaks":         "<** " + reply,
			"Postfix log":   "host mx.example.com[192.0.2.7] said: " + reply + " (in reply to RCPT TO command)",
			"bounce":        "Diagnostic-Code: smtp; " + reply,
			"continuation":  code + "-" + enh + " " + words[:half] + "\r\n" + code + " " + enh + " " + words[half:],
			"one line":      code + "-" + enh + " " + words[:half] + code + " " + enh + " " + words[half:],
			"Python":        "smtplib.SMTPResponseException: (" + code + ", b'" + enh + " " + words + "')",
			"upper case":    strings.ToUpper(reply),
			"lower case":    strings.ToLower(reply),
			"white space":   "  \t" + strings.ReplaceAll(reply, " ", "  ") + " \r\n",
			"quotes":        `Server Response: "` + reply + `"`,
			"no-break":      strings.ReplaceAll(reply, " ", "\u00a0"),
			"colour":        "\x1b[31m" + reply + "\x1b[0m",
			"in transcript": "220 mail.example.com ESMTP\n250-mail.example.com\n250 SIZE 1000\n" + reply + "\n221 Bye",
		} {
			if got := best(t, Query{Text: text}); got != want {
				t.Errorf("%s: %s\n got %s\nwant %s", name, text, got, want)
			}
		}
	}
	for _, reply := range []string{
		"NO [AUTHENTICATIONFAILED] Authentication failed.",
		"NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)",
		"NO [LIMIT] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=7)",
		"BAD User is authenticated but not connected.",
		"NO Login failed: authentication failure",
	} {
		want := best(t, Query{Text: reply, Protocol: settings.IMAP})
		for name, text := range map[string]string{
			"tag":         "a1 " + reply,
			"other tag":   "T42 " + reply,
			"Outlook tag": "00000003 " + reply,
			"prefix":      "IMAP server said: " + reply,
			"transcript":  "* OK ready\na1 OK [CAPABILITY IMAP4rev1] done\na2 " + reply,
			"lower case":  "a1 " + strings.ToLower(reply),
			"white space": "a1   " + strings.ReplaceAll(reply, " ", "\t"),
		} {
			if got := best(t, Query{Text: text}); got != want {
				t.Errorf("%s: %s\n got %s\nwant %s", name, text, got, want)
			}
		}
	}
}

func best(t *testing.T, q Query) string {
	t.Helper()
	if m := Explain(q); len(m) > 0 {
		return m[0].Code + " " + m[0].Provider
	}
	return "none"
}
