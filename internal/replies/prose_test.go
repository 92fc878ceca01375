package replies

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
250 2.0.0 OK: queued as 4F2kz1
250 OK id=1sXyZ-0001
220 mail.example.org ESMTP Postfix
* OK [CAPABILITY IMAP4rev1 SASL-IR] Dovecot ready.
+OK Dovecot ready.
a2 OK [READ-WRITE] Select completed (0.001 + 0.000 secs).
+OK 3 messages (1234 octets)
354 End data with <CR><LF>.<CR><LF>
* BYE Logging out
* 12 EXISTS
* FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
334 VXNlcm5hbWU6
250-PIPELINING
250-STARTTLS
250 SMTPUTF8
220 2.0.0 Ready to start TLS
status=sent (250 2.0.0 OK 1700000000 abc - gsmtp)
2026-11-23T10:00:00 postfix/smtp[123]: 4F2: to=<a@b.example>, relay=mx.b.example[192.0.2.1]:25, delay=1, dsn=2.0.0, status=sent (250 ok)
dovecot: imap-login: Login: user=<anna>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, TLS, session=<abc>
The certificate expired last year
My gift certificate has expired.
Her birth certificate has expired, so she needs a new one.
The certificate of deposit matures in May.
She was awarded a certificate for first aid.
HTTP/2 200
403 Forbidden
504 Gateway Time-out
429 Too Many Requests
HTTP 401 Unauthorized
GET /index.html HTTP/1.1
{"error":"not_found","status":404}
curl: (22) The requested URL returned error: 404
nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)
mysql: ERROR 1045 (28000): Access denied for user 'anna'@'localhost' (using password: YES)
psql: error: FATAL: password authentication failed for user "anna"
ssh: Permission denied (publickey,password).
sudo: 3 incorrect password attempts
git: fatal: Authentication failed for 'https://github.com/a/b.git/'
fatal: repository 'https://example.com/x.git' not found
npm ERR! code E404
npm ERR! 404 Not Found - GET https://registry.npmjs.org/foo
error: externally-managed-environment
docker: Error response from daemon: pull access denied for foo
Error: listen EADDRINUSE: address already in use :::3000
TypeError: Cannot read properties of undefined (reading 'map')
NullPointerException at com.example.Main.main(Main.java:5)
kernel: Out of memory: Killed process 1234 (java)
redis: WRONGPASS invalid username-password pair or user is disabled.
Windows cannot find the file specified. 0x80070002
The disk is full.
Der Zug hat heute Verspätung.
Die Anmeldung zum Kurs beginnt am Montag.
Bitte bringen Sie Ihren Ausweis mit.
Die Sitzung wurde auf Freitag verschoben.
Das Postamt ist am Samstag geschlossen.
Ich habe dir gestern eine Mail geschrieben.
Die Verbindung zwischen Berlin und Hamburg ist gut.
Die Bahnverbindung ist wegen Bauarbeiten unterbrochen.
Die Anmeldung ist erfolgreich abgeschlossen.
Le train pour Lyon part à huit heures.
La connexion entre les deux villes est bonne.
Merci de votre réponse.
El tren sale a las ocho.
El servidor nos trajo la cuenta.
La conexión entre las dos ideas es clara.
Il treno parte alle otto.
O comboio parte às oito horas.
De trein vertrekt om acht uur.
Pociąg odjeżdża o ósmej.
今日は天気がいいです。
明日の会議は三時からです。
今天天气很好。
我们明天开会。
Сегодня хорошая погода.
Поезд отправляется в восемь часов.
Big sale! 50% off all shoes until Sunday.
Unsubscribe from this newsletter at any time.
Dear customer, thank you for your order no. 554-1234567.
Your parcel will be delivered tomorrow between 10 and 12.
Your parcel could not be delivered because nobody was at home.
We were unable to deliver your package. Please reschedule.
Your payment was declined. Please check your credit card.
Your account has been suspended! Click here to verify your identity.
Ihr Konto wurde gesperrt. Klicken Sie hier, um es freizuschalten.
Win a new phone now, limited offer.
The council refused the building permit on Monday.
The government rejected the proposal for a second time.
The minister denied the accusations.
The bank blocked his card.
The road is blocked because of an accident.
The team failed to connect with the audience.
The host of the party was too busy to talk.
Too many people came to the concert.
The message of the film is clear.
The sender of the letter is unknown to the police.
The recipient of the Nobel prize lives in Kyoto.
The queue was long and the service was slow.
The line was too long, so we left.
The file is too large to print on one page.
The user guide is out of date.
The address of the museum is 12 Main Street.
I lost the connection to my old friends.
The policy of the company has changed.
This domain is for sale.
The domain of the function is the real numbers.
The virus spread quickly through the town.
The patient was infected with the flu virus.
Spam is a canned meat product.
He listened to the greeting and smiled.
She could not find the host of the show.
The quota for cod was exceeded by the fishing fleet.
The daily limit for walking is ten kilometres.
The hourly limit on parking is two.
The time limit for the exam is three hours.
The exam ended without a timeout.
A timeout was called by the coach.
Server error in the tennis match: a double fault.
The server brought us the menu.
The waiter and the server were friendly.
Internal error correction codes are explained in chapter 5.
The relay race was won by Jamaica.
The relay in the washing machine is broken.
Relay stations were not permitted near the airport.
The token expired in the board game.
A subway token is accepted here.
The password to the castle was a secret.
The login page of the bank has a new design.
I can't sign in to my game.
Check your username and password for the game.
Reset your password in three steps.
Turn on two-factor authentication for better security.
Use an authenticator app.
Basic authentication is an HTTP scheme.
The protocol was signed by both parties.
According to protocol, the guests sit on the left.
BAD weather is expected on Friday.
NO entry without a ticket.
NO dogs allowed in the garden.
OK, see you tomorrow.
BYE for now, said the old man.
ERR is a public broadcaster in Estonia.
A1 motorway is closed near Linz.
a1 no worries
Section 5.7.1 describes the installation.
See RFC 5321 section 4.2.1 for details.
Version 5.1.1 fixes a memory leak.
ISO 550 and 5.5.1 are numbers.
Chapter 5.7.26: The authentication of paintings.
In 2025 we had 421 guests, 450 meals and 550 drinks.
Flight 554 to Madrid is delayed.
Bus 530 departs from stop 7.
Error bars show the standard deviation.
The experiment failed with p = 0.55.
x := map[string]int{"a": 1}
if err != nil { return err }
func main() { fmt.Println("hello") }
SELECT * FROM users WHERE email = 'a@b.example';
<div class="error">Something went wrong</div>
Jan 12 10:00:00 host systemd[1]: Started Daily apt upgrade.
Jan 12 10:00:00 host sshd[1]: Accepted publickey for anna from 203.0.113.4 port 5555
Jan 12 10:00:00 host sshd[1]: Failed password for root from 203.0.113.4 port 5555 ssh2
Jan 12 10:00:00 host CRON[1]: (root) CMD (run-parts /etc/cron.hourly)
INFO: Server started in 3.2 s
DEBUG loading plugin smtp
WARN: deprecated option 'foo'
[Error] Printer offline
Received: by 2002:a05:6402 with SMTP id x; Mon, 23 Nov 2026 01:00:00 -0800 (PST)
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=20230601
Authentication-Results: mx.google.com; dkim=pass header.i=@example.com; spf=pass
X-Spam-Status: No, score=-2.1 required=5.0 tests=BAYES_00
From: Anna <anna@example.com>
Return-Path: <bounce@example.com>
Content-Type: text/plain; charset=utf-8
MIME-Version: 1.0
Reply-To: support@example.com
IMAP port 993, SMTP port 465, user name is the full address.
Please use smtp.example.com port 587 with STARTTLS.
How do I set up IMAP in Outlook?
What is the difference between IMAP and POP3?
SPF, DKIM and DMARC explained for beginners
Our mail server will be maintained on Sunday from 2 to 4 o'clock.
The mail server is running well.
TLS 1.3 is supported by all browsers.
OpenSSL 3.0.13 30 Jan 2024
Let's Encrypt issues free certificates.
Verify return code: 0 (ok)
Connected to imap.example.com.
Escape character is '^]'.
AUTH PLAIN LOGIN
mailprobe
https://support.example.com/help
asdf qwer yxcv
!!!
The recipient of the package was not found at home.
The address couldn't be found on the map.
The mailbox in front of the house is full of leaves.
He was rejected by the server because he had no reservation.
The connection to the host country was lost over the years.
Our flight connection was lost because of the storm.
The server at the restaurant did not respond to our wave.
The message wasn't delivered to the king in time.
The letter could not be delivered because the street does not exist.
You have reached your limit for today's lesson.
The fingerprint did not match the suspect.
The sender must match the stamp colour, the game says.
The attachment was rejected by the tractor dealer.
The relay traffic on the highway was dense.
Suspicious links between the two companies were found.
Quota for this year: 300 tonnes of fish.
The limit is 100 messages per bottle.
The account of the war is disabled people's favourite book.
Outgoing mail is collected at noon.
The certificate of the school expired in June.
Certificate programs expire in 3 days, register now.
TLS stands for Transport Layer Security.
The TLS handshake is explained in RFC 8446.
How to fix a slow internet connection
He refused the connection between the crimes.
Please use encryption for sensitive files.
Encryption is mandatory for company laptops.
Please enable two-factor authentication in your bank's app settings.
Enable notifications in your browser settings.
Unable to connect to the printer.
Could not connect to the database server at localhost:5432
connection to server at "localhost" (127.0.0.1), port 5432 failed: Connection refused
redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.
Failed to connect to bus: No such file or directory
Job for nginx.service failed because the control process exited with error code.
E: Unable to locate package foo
W: GPG error: The following signatures couldn't be verified
pip: Could not find a version that satisfies the requirement foo
Permission denied: '/etc/shadow'
chmod: changing permissions of 'x': Operation not permitted
rsync: connection unexpectedly closed (0 bytes received so far)
wget: unable to resolve host address 'example.test'
java.lang.OutOfMemoryError: Java heap space
KeyError: 'user'
AssertionError: expected 5 but got 4
Die Zeitung wurde heute nicht zugestellt.
Der Empfänger des Pakets war nicht zu Hause.
Der Server im Restaurant war freundlich.
Das Zertifikat wurde ihm feierlich überreicht.
Mein Postfach ist leer.
Le mot de passe est dans l'enveloppe.
La cuenta del restaurante, por favor.
La connessione ferroviaria è veloce.
服务器室在三楼。
パスワードを入力してください。
Пароль должен содержать восемь символов.
Konto bankowe zostało otwarte.
The war on the relay team ended without a handshake.
Handshake failed: the two captains did not shake hands.
The user is unknown to me.
The sender is unknown.
No such user group exists in our town.
Mail us at info@example.com for details.
SMTP, IMAP and POP3 explained
Thank you for your message. I am out of office until Monday.
Your ticket #550 has been closed.
Build 535 failed.
Test 421 passed.
Line 554: syntax error near unexpected token
main.go:535:12: undefined: foo
ldap_bind: Invalid credentials (49)
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
