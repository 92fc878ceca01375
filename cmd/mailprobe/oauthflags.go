package main

import (
	"strings"

	"github.com/spf13/pflag"
)

// oauthFlags choose a sign-in that login has stored.
type oauthFlags struct {
	force    bool
	clientID string
	never    bool // the command reaches no provider
}

func (o *oauthFlags) register(set *pflag.FlagSet) {
	set.BoolVar(&o.force, "oauth", false, "sign in with the token that 'mailprobe login' has stored (the default where there is one)")
	set.StringVar(&o.clientID, "client-id", "", "use the stored token of the application with this `ID`")
}

// wanted reports whether a stored token is to be looked for.
func (o oauthFlags) wanted(f *runFlags) bool {
	if o.force {
		return true
	}
	_, err := tokenDir()
	return err == nil && !o.never && f.user != "" && f.certificate.file == "" && !strings.EqualFold(f.auth, "none")
}

// missing is err if a stored token was demanded; otherwise nil.
func (o oauthFlags) missing(err error) error {
	if o.force {
		return err
	}
	return nil
}
