package main

import "mailprobe/internal/lab/realserver"

// servers are the real Dovecot and Postfix of all tests here.
var servers realserver.Shared
