package replies

import (
	"strings"
	"testing"

	"mailprobe/internal/finding"
)

func TestLook(t *testing.T) {
	list := func(replies ...string) (all []meaning) {
		for _, r := range replies {
			all = append(all, meaning{Reply: r})
		}
		return all
	}
	s := &standard{
		IMAP: list("LIMIT", "ALERT"), POP3: list("AUTH", "LIMIT"), SMTP: list("535", "550", "450", "530"),
		Enhanced: list("5.7.8", "x.7.8", "x.7.9", "x.7.0", "x.0.0"), Classes: list("4", "5", "NO", "-ERR"),
	}
	for _, c := range []struct {
		wording wording
		want    string
		tier    tier
	}{
		{wording{status: "NO", code: "LIMIT"}, "LIMIT", codeMeaning},
		{wording{status: "NO", code: "AUTH"}, "NO", classOnly},
		{wording{status: "-ERR", code: "AUTH"}, "AUTH", codeMeaning},
		{wording{status: "-ERR", code: "ALERT"}, "-ERR", classOnly},
		{wording{status: "-ERR"}, "-ERR", classOnly},
		{wording{status: "550", code: "ALERT"}, "ALERT", codeMeaning},
		{wording{status: "550", code: "AUTH"}, "550", codeMeaning},
		{wording{status: "535", enhanced: "5.7.9"}, "535", codeMeaning},
		{wording{status: "454", enhanced: "4.7.9"}, "x.7.9", codeMeaning},
		{wording{status: "550", enhanced: "5.7.8"}, "5.7.8", codeMeaning},
		{wording{status: "450", enhanced: "4.7.8"}, "x.7.8", codeMeaning},
		{wording{status: "450", enhanced: "4.7.1"}, "x.7.0", codeMeaning},
		{wording{status: "550", enhanced: "5.0.1"}, "550", codeMeaning},
		{wording{status: "550", enhanced: "5.0.0"}, "x.0.0", codeMeaning},
		{wording{status: "550", enhanced: "5.6.1"}, "550", codeMeaning},
		{wording{status: "551", enhanced: "5.6.1"}, "5", classOnly},
		{wording{status: "459"}, "4", classOnly},
		{wording{enhanced: "4.6.1"}, "4", classOnly},
		{wording{status: "BAD"}, "", classOnly},
		{wording{}, "", classOnly},
	} {
		got := ""
		m, trust := s.look(c.wording)
		if m != nil {
			got = m.Reply
		}
		if got != c.want || trust != c.tier {
			t.Errorf("%+v\n got %q, %d\nwant %q, %d", c.wording, got, trust, c.want, c.tier)
		}
	}
}

func TestStandardMeaning(t *testing.T) {
	refused, _ := finding.PageOf("access.refused")
	const later = " The server calls this temporary: the same may succeed later."
	s := &standard{
		SMTP: []meaning{
			{Reply: "550", Code: "access.refused", Also: []string{"auth.required"}, Layer: "policy"},
			{Reply: "450", Code: "access.refused", Layer: "policy"},
			{Reply: "552", Code: "access.quota", Layer: "session", Judged: finding.JudgedNo, Blame: finding.Provider, Cause: "c", Remedy: "r"},
		},
		IMAP:     []meaning{{Reply: "LIMIT", Decisive: true, Code: "auth.limit"}, {Reply: "ALERT", Code: "auth.rejected"}},
		Enhanced: []meaning{{Reply: "x.7.8", Code: "auth.rejected", Cause: "c"}, {Reply: "4.7.9", Code: "auth.rejected", Cause: "c"}},
	}
	for _, c := range []struct {
		line, code, cause, judged string
	}{
		{"550 mail", "access.refused", refused.Means, "maybe"},
		{"450 mail", "access.temporary", "", "maybe"},
		{"552 mail", "access.quota", "c", "no"},
		{"559 5.7.8 mail", "auth.rejected", "c", "maybe"},
		{"459 4.7.8 mail", "auth.rejected", "c" + later, "maybe"},
		{"459 4.7.9 mail", "auth.rejected", "c", "maybe"},
		{"4.7.8 mail", "auth.rejected", "c" + later, "maybe"},
		{"559 mail", "", "", ""},
	} {
		h, ok := s.explain(readWording(c.line, ""))
		if page, _ := finding.PageOf(c.code); c.cause == "" {
			c.cause = page.Means
		}
		if ok != (c.code != "") || h.Code != c.code || h.Cause != c.cause || string(h.Judged) != c.judged {
			t.Errorf("%s\n got %+v\nwant %+v", c.line, h, c)
		}
	}
	h, _ := s.explain(readWording("552 mail", ""))
	if h.Blame != finding.Provider || h.Remedy != "r" || h.Layer != "session" || h.Evidence != "552 mail" || h.Title == "" || h.Severity != finding.Error {
		t.Errorf(" got %+v\nwant what the meaning says", h)
	}
	h, _ = s.explain(readWording("550 mail", ""))
	if h.Blame != refused.Blame || h.Remedy != refused.Fix || strings.Join(h.also, " ") != "auth.required" || h.tier != codeMeaning {
		t.Errorf(" got %+v\nwant what the code says", h)
	}
	for line, want := range map[string]bool{"a NO [LIMIT] x": true, "a NO [ALERT] x": false, "a NO [OVERQUOTA] x": false, "a NO mail": false} {
		if _, ok := s.decided(readWording(line, "")); ok != want {
			t.Errorf("%s decided\n got %t\nwant %t", line, ok, want)
		}
	}
}
