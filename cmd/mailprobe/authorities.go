package main

import (
	"crypto/x509"
	"fmt"

	"mailprobe/internal/safe"
)

// roots returns the authorities to trust; nil: the operating system's.
func (f *runFlags) roots() (*x509.CertPool, error) {
	if f.cacert == "" && len(f.addCacert) == 0 {
		return nil, nil
	}
	pool := x509.NewCertPool()
	if f.cacert != "" {
		if err := addAuthorities(pool, "--cacert", f.cacert); err != nil {
			return nil, err
		}
	} else if system, err := x509.SystemCertPool(); err == nil {
		pool = system
	}
	for _, file := range f.addCacert {
		if err := addAuthorities(pool, "--add-cacert", file); err != nil {
			return nil, err
		}
	}
	return pool, nil
}

// maxCAFile bounds a file of authorities; the largest bundles stay below.
const maxCAFile = 8 << 20

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
