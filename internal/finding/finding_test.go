package finding

import (
	"slices"
	"testing"

	"mailprobe/internal/settings"
)

var smtp = settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.example.com", Port: 587, Security: settings.StartTLS}

func TestSentences(t *testing.T) {
	for _, row := range []struct {
		name     string
		sentence Sentence
		subject  Subject
		args     Args
		want     string
	}{
		{"server", "{server} refuses.", About(smtp), nil, "smtp.example.com:587 refuses."},
		{"host and port", "Port {port} of {host} is closed.", About(smtp), nil, "Port 587 of smtp.example.com is closed."},
		{"argument", "{server} refuses {command}.", About(smtp), Args{"command": "EHLO"}, "smtp.example.com:587 refuses EHLO."},
		{"no such argument", "It says {words}.", About(smtp), nil, "It says {words}."},
		{"what is put in is not read again", "It says {words}.", About(smtp), Args{"words": "{server} {words}"}, "It says {server} {words}."},
		{"braces that are no placeholder", "{Server} {} {a b}", About(smtp), nil, "{Server} {} {a b}"},
		{"IPv6", "{server}", About(settings.Endpoint{Host: "2001:db8::1", Port: 993}), nil, "[2001:db8::1]:993"},
		{"doubled braces", "{{server} {{{port}", About(smtp), nil, "{server} {587"},
		{"verbatim", Verbatim("a {server} {{x} }}"), About(smtp), nil, "a {server} {{x} }}"},
		{"nothing", "", About(smtp), nil, ""},
	} {
		f := Finding{Subject: row.subject, Args: row.args, Message: row.sentence, Remedy: row.sentence}
		if f.Says() != row.want || f.Advises() != row.want {
			t.Errorf("%s\ngot  %q, %q\nwant %q", row.name, f.Says(), f.Advises(), row.want)
		}
	}
}

// Findings about two servers say the same if only what names the server
// differs.
func TestLikewise(t *testing.T) {
	first := Finding{Code: "proto.command_refused", Severity: Error, Blame: Provider, Subject: About(smtp), Args: Args{"command": "EHLO"},
		Message: "{server} refuses {command}.", Evidence: Evidence{{At: "192.0.2.1:587", What: "502 no"}}}
	for _, row := range []struct {
		name   string
		change func(*Finding)
		want   bool
	}{
		{"the same", func(*Finding) {}, true},
		{"another server", func(f *Finding) { f.Subject.Host = "mail.example.com" }, true},
		{"seen at another address", func(f *Finding) { f.Evidence[0].At = "192.0.2.2:587" }, true},
		{"another code", func(f *Finding) { f.Code = "smtp.ehlo_rejected" }, false},
		{"another severity", func(f *Finding) { f.Severity = Warning }, false},
		{"another blame", func(f *Finding) { f.Blame = LocalNetwork }, false},
		{"another argument", func(f *Finding) { f.Args = Args{"command": "HELO"} }, false},
		{"another sentence", func(f *Finding) { f.Message = "{server} is odd." }, false},
		{"another remedy", func(f *Finding) { f.Remedy = "Wait." }, false},
		{"another page", func(f *Finding) { f.HelpURL = "https://example.com/" }, false},
		{"another answer", func(f *Finding) { f.Evidence[0].What = "500 no" }, false},
		{"more seen", func(f *Finding) { f.Evidence = append(f.Evidence, Observation{}) }, false},
	} {
		second := first
		second.Evidence = slices.Clone(first.Evidence)
		row.change(&second)
		if got := first.Likewise(second); got != row.want {
			t.Errorf("%s\ngot  %v\nwant %v", row.name, got, row.want)
		}
	}
}

func TestNamesSubject(t *testing.T) {
	for _, row := range []struct {
		name string
		f    Finding
		want bool
	}{
		{"in the message", Finding{Message: "{server} is closed."}, true},
		{"in the remedy", Finding{Remedy: "Use another port than {port}."}, true},
		{"in the evidence", Finding{Evidence: Evidence{{At: "192.0.2.1:25", What: "refused"}}}, true},
		{"arguments alone", Finding{Message: "The clock shows {day}.", Args: Args{"day": "Monday"}, Evidence: Saw("x")}, false},
	} {
		if got := row.f.NamesSubject(); got != row.want {
			t.Errorf("%s\ngot  %v\nwant %v", row.name, got, row.want)
		}
	}
}

func TestEvidence(t *testing.T) {
	e := append(Saw("535 no"), Observation{At: "192.0.2.1:25", What: "refused"})
	if got, want := e.String(), "535 no\n192.0.2.1:25: refused"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := Saw(""); got != nil {
		t.Errorf("got  %v\nwant none", got)
	}
}

func TestSort(t *testing.T) {
	list := []Finding{{Code: "a", Severity: Info}, {Code: "b", Severity: Error}, {Code: "c", Severity: Warning}, {Code: "d", Severity: Error}}
	Sort(list)
	got := ""
	for _, f := range list {
		got += f.Code
	}
	if want := "bdca"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
