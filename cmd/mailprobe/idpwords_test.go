package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"mailprobe/internal/lab/pki"
	"mailprobe/internal/oauth/idptest"
)

// signInHosts are the names under which the scripts' identity provider is.
var signInHosts = []string{
	"login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn",
	"accounts.google.com", "oauth2.googleapis.com", "sts.googleapis.com", "iamcredentials.googleapis.com",
	"api.login.yahoo.com", "api.login.aol.com", "token.actions.example",
}

// startIDP is the word "idp OPTION=VALUE...": it starts an identity provider
// with a certificate for all that are known; @idp is how to reach it. With
// "proxy" only a proxy leads there, which HTTPS_PROXY names; with "proxy=407"
// the proxy refuses.
func startIDP(ts *testscript.TestScript, neg bool, args []string) {
	box := boxOf(ts)
	if neg || box.idp != nil {
		ts.Fatalf("usage: idp OPTION=VALUE..., once")
	}
	ca, err := pki.NewCA("the identity provider's authority")
	ts.Check(err)
	leaf, err := ca.Leaf(pki.LeafOptions{Names: signInHosts})
	ts.Check(err)
	o, proxy := idptest.Options{Certificate: &leaf, Interval: 1, RunnerToken: "runner-token"}, ""
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		if name == "proxy" {
			proxy = arg
			continue
		}
		ts.Check(setIDP(&o, name, value))
	}
	if o.User == "" {
		o.User = loginUser
	}
	box.idp = idptest.New(o)
	ts.Defer(box.idp.Close)
	ts.Check(os.WriteFile(ts.MkAbs("idp.pem"), ca.PEM(), 0o600))
	if proxy != "" {
		to, status := box.idp.Address(), 0
		if _, refused, ok := strings.Cut(proxy, "="); ok {
			to = ""
			status, err = strconv.Atoi(refused)
			ts.Check(err)
		}
		box.proxy = idptest.NewProxy(to, status)
		ts.Defer(box.proxy.Close)
		ts.Setenv("HTTPS_PROXY", box.proxy.URL)
	}
}

type optionError struct{ name string }

func (e *optionError) Error() string { return "idp: there is no option " + e.name }

// setIDP sets one option by its name in a script.
func setIDP(o *idptest.Options, name, value string) (err error) {
	switch name {
	case "user":
		o.User = value
	case "secret":
		o.Secret = value
	case "assertion":
		o.Assertion = true
	case "key":
		o.Key = []byte(value)
	case "scope":
		o.Scope = value
	case "device-error":
		o.DeviceError = value
	case "token-error":
		o.TokenError = value
	case "description":
		o.Description = value
	case "life":
		o.Lifetime, err = time.ParseDuration(value)
	case "pending":
		o.Pending, err = strconv.Atoi(value)
	case "token":
		o.Token = value
	case "known-refresh":
		o.Refresh = value
	case "pool":
		o.PoolProvider = value
	case "no-signing":
		o.NoSigning = true
	case "service-account":
		o.ServiceAccount = value
	case "no-metadata":
		o.NoMetadata = true
	case "no-pkce":
		o.NoPKCE = true
	case "published":
		o.Published = value
	case "no-refresh":
		o.NoRefresh = true
	case "rotate":
		o.Rotate = true
	default:
		return &optionError{name}
	}
	return err
}

// idpFlags lead to the identity provider of the script.
func (b *scriptBox) idpFlags(ca string) []string {
	flags := []string{"--add-cacert", ca}
	if b.proxy != nil {
		return flags
	}
	_, port, _ := net.SplitHostPort(b.idp.Address())
	for _, host := range signInHosts {
		flags = append(flags, "--connect-to", host+":443:127.0.0.1:"+port)
	}
	return flags
}

// idpSaw is the word "idpsaw PATH=N...": how often something was asked for;
// "proxy=N" counts what the proxy was asked for.
func idpSaw(ts *testscript.TestScript, neg bool, args []string) {
	for _, arg := range args {
		path, want, _ := strings.Cut(arg, "=")
		got := 0
		for _, r := range boxOf(ts).idp.Requests("") {
			if strings.HasSuffix(r.Path, path) {
				got++
			}
		}
		if path == "proxy" {
			got = len(boxOf(ts).proxy.Asked())
		}
		if strconv.Itoa(got) != want || neg {
			ts.Fatalf("%s at the identity provider:\n got %d\nwant %s", path, got, want)
		}
	}
}

// makeJWT is the word "jwt FILE NAME=VALUE...": it writes a token with these
// claims; an exp, nbf or iat of +N or -N is that many seconds from now.
func makeJWT(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: jwt FILE NAME=VALUE...")
	}
	claims := map[string]any{}
	for _, arg := range args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		claims[name] = value
		if n, err := strconv.Atoi(value); err == nil && (value[0] == '+' || value[0] == '-') {
			claims[name] = time.Now().Add(time.Duration(n) * time.Second).Unix()
		}
		if strings.HasPrefix(value, "[") {
			claims[name] = strings.Fields(strings.Trim(value, "[]"))
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(idptest.JWT([]byte("key"), claims)), 0o600))
}

// makeKeyPair is the word "keypair rsa|ec CERTIFICATE KEY": it writes an
// application's certificate and its key.
func makeKeyPair(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: keypair rsa|ec CERTIFICATE KEY")
	}
	var key crypto.Signer
	var err error
	if args[0] == "rsa" {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	} else {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	ts.Check(err)
	leaf, err := pki.SelfSigned(pki.LeafOptions{Names: []string{"app.example"}, Key: key})
	ts.Check(err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	for i, block := range []*pem.Block{{Type: "CERTIFICATE", Bytes: leaf.Certificate[0]}, {Type: "PRIVATE KEY", Bytes: der}} {
		ts.Check(os.WriteFile(ts.MkAbs(args[1+i]), pem.EncodeToMemory(block), 0o600))
	}
}

// makeAccount is the word "account FILE EMAIL": it writes the key of a Google
// service account.
func makeAccount(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: account FILE EMAIL")
	}
	ts.Check(accountKey(ts.MkAbs(args[0]), args[1]))
}

func writeAccount(t *testing.T, file, email string) {
	t.Helper()
	if err := accountKey(file, email); err != nil {
		t.Fatal(err)
	}
}

func accountKey(file, email string) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	data, err := json.Marshal(map[string]string{
		"type": "service_account", "client_email": email, "private_key_id": "k1",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), "token_uri": "https://elsewhere.example/token",
	})
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o600)
}
