package replies

import (
	"fmt"
	"strings"
	"testing"
)

func TestReadWording(t *testing.T) {
	geese := strings.Repeat("goose ", 30)
	for _, c := range []struct {
		line, layer string
		want        wording // status, enhanced, code and reply
	}{
		{"535 5.7.8 Error: authentication failed", "", wording{status: "535", enhanced: "5.7.8", reply: "535 5.7.8 Error: authentication failed"}},
		{"535-5.7.8 one 535 5.7.8 two", "", wording{status: "535", enhanced: "5.7.8", reply: "535 5.7.8 one two"}},
		{"550-5.1.1 one mail 550-two", "", wording{status: "550", enhanced: "5.1.1", reply: "550 5.1.1 one mail two"}},
		{"said 550-5.1.1 x", "", wording{status: "550", enhanced: "5.1.1", reply: "550 5.1.1 x"}},
		{"550 (#5.1.1 mail", "", wording{status: "550", enhanced: "5.1.1", reply: "550 5.1.1 mail"}},
		{"550 no 5.7.1 mail", "", wording{status: "550", enhanced: "5.7.1", reply: "550 5.7.1 no 5.7.1 mail"}},
		{"550 4.7.1 mixed classes mail", "", wording{status: "550", reply: "550 4.7.1 mixed classes mail"}},
		{"550 mail refused (5.7.1)", "", wording{status: "550", enhanced: "5.7.1", reply: "550 5.7.1 mail refused (5.7.1)"}},
		{"smtplib.SMTPAuthenticationError: (535, b'5.7.8 not accepted')", "", wording{status: "535", enhanced: "5.7.8", reply: "535 5.7.8 not accepted')"}},
		{"responseStatus: 'NO', responseText: 'Invalid credentials'", "", wording{status: "NO", reply: "NO Invalid credentials'"}},
		{`Response status "OK" expected, but "NO" received. Data: [b'[AUTHENTICATIONFAILED] x']`, "", wording{status: "NO", code: "AUTHENTICATIONFAILED", reply: "NO [AUTHENTICATIONFAILED] x']"}},

		{"535", "", wording{status: "535", reply: "535"}},
		{"535", LayerAuth, wording{status: "535", reply: "535"}},
		{"<550 mailbox>", "", wording{status: "550", reply: "550 mailbox>"}},
		{"450 mailbox busy", "", wording{status: "450", reply: "450 mailbox busy"}},
		{"450 guests came to the wedding", "", wording{}},
		{"450 guests came", "", wording{status: "450", reply: "450 guests came"}},
		{"450 guests came", LayerAccess, wording{status: "450", reply: "450 guests came"}},
		{"499 mailbox busy", "", wording{}},
		{"499 mailbox busy", LayerAuth, wording{status: "499", reply: "499 mailbox busy"}},
		{"550 Ошибка", "", wording{status: "550", reply: "550 Ошибка"}},
		{"550 geese were here. Then mail came", "", wording{}},
		{"550 " + strings.Repeat("x", 156) + "mail", "", wording{status: "550", reply: "550 " + strings.Repeat("x", 156) + "mail"}},
		{"550 of " + strings.Repeat("x", 157) + "mail", "", wording{}},
		{strings.Repeat("said: 550 "+geese, 7) + "said: 550 mail", "", wording{status: "550", reply: "550 mail"}},
		{strings.Repeat("said: 550 "+geese, 8) + "said: 550 mail", "", wording{}},
		{"550 Internal Server Error", "", wording{}},
		{"503 Service Unavailable: mailbox", "", wording{status: "503", reply: "503 Service Unavailable: mailbox"}},
		{"250 OK", "", wording{status: "250", reply: "250 OK"}},
		{"334 VXNlcm5hbWU6", "", wording{status: "334", reply: "334 VXNlcm5hbWU6"}},
		{"220 people@mail", "", wording{}},
		{"host said: 550 user unknown (in reply)", "", wording{status: "550", reply: "550 user unknown (in reply)"}},
		{"host said: 550 chairs", "", wording{}},
		{"said 5500 mail", "", wording{}},
		{"status=sent (550 5.1.1 no)", "", wording{status: "550", enhanced: "5.1.1", reply: "550 5.1.1 no)"}},
		{"(561 5.1.1 no)", "", wording{status: "561", enhanced: "5.1.1", reply: "561 5.1.1 no)"}},
		{"561 5.1.1 no", "", wording{status: "561", enhanced: "5.1.1", reply: "561 5.1.1 no"}},
		{"chapter 550 5.1.1 about geese", "", wording{}},
		{"chapter 550 5.1.1 about mail", "", wording{status: "550", enhanced: "5.1.1", reply: "550 5.1.1 about mail"}},
		{"mail error (550)", "", wording{status: "550", reply: "550"}},

		{"imap_open(): -ERR [IN-USE] busy", "", wording{status: "-ERR", code: "IN-USE", reply: "-ERR [IN-USE] busy"}},
		{"-err no", "", wording{status: "-ERR", reply: "-ERR no"}},
		{"-ERRor", "", wording{}},

		{"a1 no [authenticationfailed] x", "", wording{status: "NO", code: "AUTHENTICATIONFAILED", reply: "NO [authenticationfailed] x"}},
		{"a1 no worries", "", wording{}},
		{"a1 no worries", LayerAuth, wording{status: "NO", reply: "NO worries"}},
		{"NO Login failed", "", wording{status: "NO", reply: "NO Login failed"}},
		{"NO dogs", "", wording{}},
		{"NO dogs", LayerAuth, wording{status: "NO", reply: "NO dogs"}},
		{"A NO mail", "", wording{status: "NO", reply: "NO mail"}},
		{"12 NO login failed", "", wording{status: "NO", reply: "NO login failed"}},
		{"error: NO [X-Y] mail", "", wording{status: "NO", reply: "NO [X-Y] mail"}},
		{"a1 OK done", "", wording{status: "OK", reply: "OK done"}},
		{"* BYE Logging out", "", wording{status: "BYE", reply: "BYE Logging out"}},
		{"OK", LayerAuth, wording{status: "OK", reply: "OK"}},

		{"Status: 5.1.1", "", wording{enhanced: "5.1.1", reply: "5.1.1"}},
		{"5.7.57 Client not authenticated", "", wording{enhanced: "5.7.57", reply: "5.7.57 Client not authenticated"}},
		{"5.7.57 geese", "", wording{}},
		{"[AUTHENTICATIONFAILED] Invalid", "", wording{status: "NO", code: "AUTHENTICATIONFAILED", reply: "NO [AUTHENTICATIONFAILED] Invalid"}},
		{"[SYS/PERM] POP3 access not allowed", "", wording{status: "-ERR", code: "SYS/PERM", reply: "-ERR [SYS/PERM] POP3 access not allowed"}},
		{"[AUTH] failed", "", wording{status: "-ERR", code: "AUTH", reply: "-ERR [AUTH] failed"}},
		{"[NOCODE] failed", "", wording{}},
		{"The mail server responded: Access denied.", "", wording{status: "NO", reply: "NO Access denied."}},
		{"The mail server responded: geese.", "", wording{}},

		{"invalid_grant: NO such user", LayerToken, wording{}},
		{"", LayerAuth, wording{}},
	} {
		got := readWording(c.line, c.layer)
		if got.line != c.line || got.status != c.want.status || got.enhanced != c.want.enhanced || got.code != c.want.code || got.reply != c.want.reply {
			t.Errorf("%s\n got %+v\nwant %+v", c.line, got, c.want)
		}
	}
}

// TestReplyCodes: which numbers are taken for replies of SMTP, where what
// follows reads like mail. Those of HTTP are not.
func TestReplyCodes(t *testing.T) {
	for _, c := range []struct {
		codes []int
		want  bool
	}{
		{[]int{220, 221, 235, 250, 251, 252, 334, 354}, true},
		{[]int{421, 432, 450, 451, 452, 454, 455}, true},
		{[]int{500, 501, 502, 503, 504, 521, 523, 525, 530, 534, 535, 538, 550, 551, 552, 553, 554, 555, 556}, true},
		{[]int{400, 435, 440, 441, 442, 446, 447, 449, 453, 458, 459, 471, 505, 510, 511, 512, 513, 515, 517, 519, 526, 531, 533,
			540, 541, 542, 557, 559, 570, 571, 572, 573, 577, 580, 582, 590, 591, 592}, true}, // in no standard, but seen
		{[]int{200, 201, 301, 302, 304, 401, 403, 404, 408, 410, 418, 429, 507, 508, 520}, false},
	} {
		for _, code := range c.codes {
			line := fmt.Sprintf("%d mailbox", code)
			if got := readWording(line, "").status != ""; got != c.want {
				t.Errorf("%s\n got %t\nwant %t", line, got, c.want)
			}
		}
	}
}

func TestSuccess(t *testing.T) {
	for line, want := range map[string]bool{
		"250 OK": true, "334 VXNlcm5hbWU6": true, "a1 OK": true, "+OK": true, "+ok 2 320": true, "* PREAUTH hello": true, "* BYE Logging out": true, "* BYE Logout": true,
		"* BYE Too many connections": false, "450 mail": false, "550 mail": false, "a1 NO mail": false, "-ERR no": false, "no reply": false,
	} {
		if got := readWording(line, "").success(); got != want {
			t.Errorf("%s\n got %t\nwant %t", line, got, want)
		}
	}
}

// TestProgramsWordsBeforeAReply: what a mail program was doing tells what kind
// of reply stands behind its words.
func TestProgramsWordsBeforeAReply(t *testing.T) {
	for text, want := range map[string]string{
		"Error: Expected smtp code 250, got 552":                                               "552",
		"An error occurred while sending mail. The mail server responded: Error: no such user": "554",
		"The mail server responded: authentication failed":                                     "NO",
		"we expected 250 guests and got 552":                                                   "",
	} {
		if got := readWording(text, "").status; got != want {
			t.Errorf("%s\ngot  %q\nwant %q", text, got, want)
		}
	}
}
