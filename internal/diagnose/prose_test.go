package diagnose

import (
	"strings"
	"testing"
)

// Text that is about no mail fault, some of it near the words of one.
const prose = `
The quick brown fox jumps over the lazy dog.
hello
Hello world!
No, I will not come to the meeting tomorrow.
NO SMOKING
NO PARKING IN FRONT OF THE GATE
No such luck for the local football team on Sunday.
550 euros were spent on the new bicycle.
450 people attended the wedding last summer.
We sold 535 tickets for the concert.
There were 421 pages in the book, and I read them all.
In 1998 the company had 554 employees in 12 cities.
Version 5.7.8 of the library was released in May.
Upgrade from 4.7.0 to 5.1.1 before the weekend.
The address 192.168.5.7 belongs to the printer.
The bank denied the loan because of his income.
Her login was easy to remember.
My password is written on a yellow note.
She failed the exam twice before passing.
The user manual has a chapter about safety.
Please find attached the minutes of our meeting.
The recipient of the prize was a young scientist.
Turn off the light when you leave the server room.
The mail carrier came late because of the snow.
His account of the journey was long and colourful.
The mailbox at the corner is red.
Access to the park is free on Sundays.
The connection between the two events is unclear.
The timeout in the second half saved the game.
The host of the show was nervous.
A spam sandwich with mustard, please.
Too many cooks spoil the broth.
The virus spread quickly through the village.
He was blocked by a taller player.
The quota of tickets was sold out in an hour.
Sorry, the shop is closed.
They refused to sign the contract.
Certificate of baptism from 1842.
The certificate was handed to the winner.
This offer has expired.
The library will be closed until Monday.
func main() { fmt.Println("hi") }
SELECT name FROM users WHERE id = 7;
for i in range(10): print(i)
{"name": "Anna", "age": 33}
[1, 2, 3]
<p>Some text</p>
https://www.example.com/index.html
user@example.com
12345
5.7.8
a
*
+
-
...
OK
250 OK
220 mail.example.com ESMTP Postfix
* OK IMAP4 ready
+OK
a1 OK LOGIN completed
235 2.7.0 Authentication successful
250 2.0.0 OK: queued as 12345
221 2.0.0 Bye
Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.
Der Hund schläft unter dem Tisch.
Le chat dort sur le canapé.
漢字かな交じり文
Meeting at 10:25 in room 4.2.1
Temperature: -12 degrees
Bad weather is coming.
BAD WEATHER IS COMING
BYE BYE BABY
The relay team won the gold medal.
The greylag goose is a large bird.
Authentication of the painting took two years.
Encryption is needed in the modern world.
The service is temporarily unavailable to visitors on Fridays.
The domain of mathematics is wide.
I could not find the reverse gear.
The sender of the parcel is unknown.
Error-free work is rewarded.
Exit code 0
npm WARN deprecated package@1.0.0
404 Not Found
500 grams of flour, an egg and some milk
503 is a prime number
Segmentation fault (core dumped)
Permission denied (publickey).
fatal: repository 'https://example.com/x.git/' not found
No space left on device
command not found: foo
Error: Cannot find module 'express'
Traceback (most recent call last):
404 page not found
500 Internal Server Error
503 Service Unavailable
502 Bad Gateway
<html><body>Hi</body></html>
error: failed to push some refs to 'origin'
psql: FATAL: password authentication failed for user "postgres"
Access denied for user 'root'@'localhost' (using password: YES)
make: *** [all] Error 2
panic: runtime error: index out of range
The printer is out of paper. Error code 5.1.1
Call me at 555 5.5.5
I forgot my password again and could not log in to the game.
Our server crashed during the match, said the coach.
Dear customer, your account will be suspended unless you click here.
Your invoice 554 is attached. Please pay the server bill.
Order 550 shipped: your message will follow.
Received: from mail.example.org (mail.example.org [192.0.2.1]) by mx.example.com with ESMTPS
Subject: Meeting tomorrow
Message-ID: <5.1.1@example.com>
2026-11-23 10:00:00 INFO started server on port 8080
SMTP is a protocol for sending mail.
Room 5.3.2 in building 4
`

func TestProseIsNotRecognised(t *testing.T) {
	for line := range strings.Lines(prose) {
		text := strings.TrimSpace(line)
		if m := Explain(Query{Text: text}); len(m) > 0 {
			t.Errorf("%q\n got %s (%s)\nwant no match", text, m[0].Code, m[0].Cause)
		}
	}
	if m := Explain(Query{Text: strings.ReplaceAll(prose, "\n", "\n\n")}); len(m) > 0 {
		t.Errorf("all of it together: got %s for %q", m[0].Code, m[0].Evidence)
	}
}
