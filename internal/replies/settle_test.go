package replies

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestAnswer weighs made-up signs.
func TestAnswer(t *testing.T) {
	worded := func(code string, weight float64) *evidence {
		e := &evidence{hit: hit{Match: Match{Code: code}}}
		e.signs[sensed], e.signs[sensedReply] = weight, weight
		return e
	}
	for _, c := range []struct {
		name    string
		causes  []*evidence
		replied bool
		ranked  string
		want    string
	}{
		{"nothing is thought of", nil, true, "", ""},
		{"one cause by far", []*evidence{worded("send.too_big", 2), worded("auth.rejected", 0)}, true, "send.too_big", "send.too_big"},
		{"another than was ranked first", []*evidence{worded("send.too_big", 2), worded("auth.limit", 0)}, true, "auth.limit", "send.too_big auth.limit"},
		{"three of one family", []*evidence{worded("send.route", 2), worded("send.too_big", 2), worded("access.corrupt", 2)}, true, "send.route", "access.refused send.route send.too_big"},
		{"two of one family, the same must act", []*evidence{worded("send.too_big", 2), worded("send.rate_limited", 2)}, true, "send.too_big", "send.too_big send.rate_limited"},
		{"nobody spoke and nothing is sure", []*evidence{worded("send.too_big", 0), worded("auth.limit", 0)}, false, "send.too_big", ""},
	} {
		o := &opinion{causes: c.causes, replied: c.replied}
		o.unnamed[unnamed], o.none[noFault] = 1, 1
		if got := strings.Join(o.answer(strings.Fields(c.ranked)), " "); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestCoveringIsOfTheShared: what the engine holds for true is what the figures
// are reckoned by.
func TestCoveringIsOfTheShared(t *testing.T) {
	shared := readCovers(t)
	for _, c := range covering {
		if got, want := slices.Sorted(slices.Values(c.of)), slices.Sorted(slices.Values(shared[c.code])); !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n got %v\nwant %v of covers.tsv", c.code, got, want)
		}
	}
}

// TestDoubt: texts of which one word alone names a cause.
func TestDoubt(t *testing.T) {
	for text, never := range map[string]string{
		"MAIL FROM:<anna@example.org> size=339\n250 2.1.0 Ok\nRCPT TO:<ben@example.com>\n554 5.7.1 Mail policy error": "send.too_big",
		"{:error, {:retries_exceeded, :x}}":                                                 "auth.throttled",
		"Department ID authentication error":                                                "auth.rejected",
		"kex_exchange_identification: read error\nConnection closed by 203.0.113.7 port 22": "net.connection_lost",
		"NOAUTH Authentication required.":                                                   "auth.required",
	} {
		if got := Explain(Query{Text: text}); len(got) > 0 && got[0].Code == never {
			t.Errorf("%s\n got %s\nwant anything else", text, never)
		}
	}
}

// TestNamesOfExceptions: a name is read as words where nothing behind it tells
// more.
func TestNamesOfExceptions(t *testing.T) {
	for text, want := range map[string]string{
		"RecipientNotFoundException from mailserver":                   "send.recipient_refused",
		"StartTlsNotSupportedException: smtp":                          "starttls.not_offered",
		"ConnectionRefusedError: Too many recent logins, mail blocked": "auth.throttled",
		"javax.mail.FolderNotFoundException: Sent Items":               "access.missing_mailbox",
	} {
		if got := codes(Explain(Query{Text: text})); !strings.HasPrefix(got, want) {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"SMTPAuthenticationError": "SMTP Authentication Error", "a NoResponseError b": "a  b", "McAfee says iCloud": "McAfee says iCloud",
		"MailboxNotFoundException": "Mailbox Not Found Exception",
	} {
		if got := unfolded(text); got != want {
			t.Errorf("%s\n got %q\nwant %q", text, got, want)
		}
	}
}
