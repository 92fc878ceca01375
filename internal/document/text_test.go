package document

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

const hostile = "\x1b[2J \u202eevil\r\n::error::boo ##[x] \\x1b \"quoted\" <&> \xff\x00 \u2028"

// TestTextsComeBack holds that what is read is what was written, whatever it
// holds, and that what stands between is harmless.
func TestTextsComeBack(t *testing.T) {
	type both struct {
		Text  Text
		Maybe Maybe
	}
	for _, s := range []string{"", "plain", hostile, `\`, `a\nb`, `DOMAIN\user`, "::1", "世界\ufffd"} {
		data, err := json.Marshal(both{Text(s), Maybe(s)})
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(string(data), "\x1b\u202e\u2028\x00") || strings.Contains(string(data), " ::e") || strings.Contains(string(data), "##[") {
			t.Errorf("%q comes through: %s", s, data)
		}
		var got both
		want := strings.ReplaceAll(s, "\xff", `\xff`) // JSON cannot hold what is not UTF-8
		if err := json.Unmarshal(data, &got); err != nil || string(got.Text) != want || string(got.Maybe) != want {
			t.Errorf("got  %q, %v\nwant %q", got, err, want)
		}
	}
}

func TestMaybe(t *testing.T) {
	for m, want := range map[Maybe]string{"": "null", "x": `"x"`, `"`: `"\""`, "\n": `"\n"`, `DOMAIN\user`: `"DOMAIN\\user"`, "##vso[": `"#\u0023vso["`, "::1": `"::1"`} {
		if got, err := json.Marshal(m); err != nil || string(got) != want {
			t.Errorf("%q\ngot  %s, %v\nwant %s", string(m), got, err, want)
		}
	}
	for _, wrong := range []string{"1", "[]", "{}", "true"} {
		var m Maybe
		if err := json.Unmarshal([]byte(wrong), &m); err == nil {
			t.Errorf("%s\ngot  %q\nwant an error", wrong, string(m))
		}
	}
}

func TestMillis(t *testing.T) {
	tests := []struct {
		d    time.Duration
		want Millis
	}{
		{0, 0}, {49 * time.Microsecond, 0}, {50 * time.Microsecond, 0.1}, {412749 * time.Microsecond, 412.7}, {2 * time.Second, 2000},
	}
	for _, tt := range tests {
		if got := millis(tt.d); got != tt.want {
			t.Errorf("%v\ngot  %v\nwant %v", tt.d, got, tt.want)
		}
	}
}

// TestMoment holds that any time can be written and read again: a certificate
// may be of any.
func TestMoment(t *testing.T) {
	for _, tt := range []struct {
		t    time.Time
		want string
	}{
		{time.Date(2026, 11, 23, 11, 0, 0, 999, time.FixedZone("", 3600)), `"2026-11-23T10:00:00Z"`},
		{time.Date(0, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600)), `"0000-01-01T00:00:00Z"`},
		{time.Unix(1<<60, 0), `"9999-12-31T23:59:59Z"`},
	} {
		got, err := json.Marshal(moment(tt.t))
		var back time.Time
		if err != nil || string(got) != tt.want || json.Unmarshal(got, &back) != nil {
			t.Errorf("%v\ngot  %s, %v\nwant %s", tt.t, got, err, tt.want)
		}
	}
	if got := momentOrNil(time.Time{}); got != nil {
		t.Errorf("got  %v\nwant nil", got)
	}
}

func TestWorse(t *testing.T) {
	for _, tt := range []struct{ a, b, want Text }{
		{"", "", ""}, {"", Works, Works}, {Fails, "", Fails}, {Works, Works, Works}, {Works, Unknown, Unknown},
		{Unknown, Works, Unknown}, {Unknown, Fails, Fails}, {Fails, Works, Fails}, {Works, "new", Unknown},
	} {
		if got := Worse(tt.a, tt.b); got != tt.want {
			t.Errorf("%q and %q\ngot  %q\nwant %q", tt.a, tt.b, got, tt.want)
		}
	}
}
