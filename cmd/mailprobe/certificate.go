package main

import (
	"crypto/tls"
	"fmt"

	"mailprobe/internal/safe"
)

// maxKeyFile bounds a file with a certificate or key.
const maxKeyFile = 1 << 20

// certificateFlags name a client certificate and its key.
type certificateFlags struct{ file, key string }

// load reads the pair; nil: none is named. flag is how the user calls the
// certificate's file.
func (f certificateFlags) load(flag string) (*tls.Certificate, error) {
	switch {
	case f.file == "" && f.key == "":
		return nil, nil
	case f.file == "":
		return nil, fmt.Errorf("--key needs the certificate that it belongs to; add %s FILE", flag)
	case f.key == "":
		return nil, fmt.Errorf("%s needs its private key; add --key FILE", flag)
	}
	certificate, err := pemFile{flag, f.file, "a PEM file", maxKeyFile}.read()
	if err != nil {
		return nil, err
	}
	key, err := pemFile{"--key", f.key, "a PEM file", maxKeyFile}.read()
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, fmt.Errorf("%s %s and --key %s do not go together: %w", flag, safe.Display(f.file), safe.Display(f.key), err)
	}
	return &pair, nil
}
