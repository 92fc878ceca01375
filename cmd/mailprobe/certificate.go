package main

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"

	"mailprobe/internal/bounded"
	"mailprobe/internal/safe"
)

const (
	maxKeyFile = 1 << 20 // bounds a file with a certificate or key
	maxCAFile  = 8 << 20 // bounds a file of authorities; the largest bundles stay below
)

// certificateFlags name a client certificate and its key.
type certificateFlags struct {
	file, key string
	keyFlag   string // how the user calls the key's file; empty: --key
}

// load reads the pair; nil: none is named. flag is how the user calls the
// certificate's file.
func (f certificateFlags) load(flag string) (*tls.Certificate, error) {
	keyFlag := cmp.Or(f.keyFlag, "--key")
	switch {
	case f.file == "" && f.key == "":
		return nil, nil
	case f.file == "":
		return nil, fmt.Errorf("%s needs the certificate that it belongs to; add %s FILE", keyFlag, flag)
	case f.key == "":
		return nil, fmt.Errorf("%s needs its private key; add %s FILE", flag, keyFlag)
	}
	certificate, err := pemFile{flag, f.file, "a PEM file", maxKeyFile}.read()
	if err != nil {
		return nil, err
	}
	key, err := pemFile{keyFlag, f.key, "a PEM file", maxKeyFile}.read()
	if err != nil {
		return nil, err
	}
	if bytes.Contains(key, []byte("ENCRYPTED")) {
		return nil, fmt.Errorf("%s: %s is encrypted, and nobody is asked for its pass phrase; write it without one: openssl pkey -in FILE -out app.key", keyFlag, safe.Display(f.key))
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, fmt.Errorf("%s %s and %s %s do not go together: %w", flag, safe.Display(f.file), keyFlag, safe.Display(f.key), err)
	}
	return &pair, nil
}

func addAuthorities(pool *x509.CertPool, flag, file string) error {
	pem, err := pemFile{flag, file, "a file of certificates", maxCAFile}.read()
	if err != nil {
		return err
	}
	if !pool.AppendCertsFromPEM(pem) {
		return fmt.Errorf("%s: %s holds no certificate; it must be in PEM form (-----BEGIN CERTIFICATE-----)", flag, safe.Display(file))
	}
	return nil
}

// A pemFile is a file that a flag names.
type pemFile struct {
	flag, name string
	kind       string // what it should be, as in "is not a PEM file"
	limit      int64  // in bytes
}

// read returns what the file holds.
func (f pemFile) read() ([]byte, error) {
	data, err := bounded.File{Name: f.name, Limit: f.limit}.Read()
	var path *fs.PathError
	switch {
	case err == nil:
		return data, nil
	case errors.As(err, &path):
		return nil, fmt.Errorf("%s: cannot read %s: %w", f.flag, safe.Display(f.name), path.Err)
	}
	return nil, fmt.Errorf("%s: %s is not %s", f.flag, safe.Display(f.name), f.kind)
}
