package diagnose

import (
	"slices"
	"strings"

	"mailprobe/internal/finding"
)

const (
	codeGrant   = "authorization_code"
	deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
)

// metadataInvalid is what is wrong with metadata by itself (RFC 8414 section 2).
func metadataInvalid(args finding.Args, message finding.Sentence, seen ...string) finding.Finding {
	return finding.Finding{Code: "oauth.metadata_invalid", Args: args, Message: message, Evidence: finding.Saw(strings.Join(seen, " "))}
}

// incomplete says that no address gives out tokens.
func (s SignInService) incomplete() []finding.Finding {
	return []finding.Finding{metadataInvalid(finding.Args{"issuer": s.Issuer},
		"{issuer} publishes metadata without a token endpoint, so no program gets a token there.", "no token_endpoint")}
}

// contradicts holds the metadata against itself.
func (s SignInService) contradicts() []finding.Finding {
	m := s.Metadata
	if m == nil {
		return nil
	}
	var all []finding.Finding
	for _, row := range []struct{ what, address string }{
		{"authorization", m.AuthURL}, {"token", m.TokenURL}, {"device authorization", m.DeviceURL}, {"registration", m.Registration},
	} {
		if row.address != "" && !strings.HasPrefix(strings.ToLower(row.address), "https://") {
			all = append(all, metadataInvalid(finding.Args{"issuer": s.Issuer, "what": row.what, "address": row.address},
				"{issuer} publishes {address} as its {what} endpoint, which is no https address: nobody may send a secret there.", row.address))
		}
	}
	lists := func(grant string) bool { return len(m.Grants) == 0 || slices.Contains(m.Grants, grant) }
	switch {
	case lists(codeGrant) && m.AuthURL == "":
		all = append(all, metadataInvalid(finding.Args{"issuer": s.Issuer},
			"{issuer} publishes no authorization endpoint, so nobody signs in there in the browser.", "no authorization_endpoint"))
	case lists(codeGrant) && len(m.Responses) > 0 && !slices.ContainsFunc(m.Responses, withCode):
		all = append(all, metadataInvalid(finding.Args{"issuer": s.Issuer},
			"{issuer} lists no response type with a code, which the sign-in of mail programs in the browser needs.", m.Responses...))
	}
	if slices.Contains(m.Grants, deviceGrant) && m.DeviceURL == "" {
		f := metadataInvalid(finding.Args{"issuer": s.Issuer},
			"{issuer} lists device codes among its grants and publishes no address that gives them out.", "no device_authorization_endpoint")
		f.Severity = finding.Warning // the browser serves all the same
		all = append(all, f)
	}
	return all
}

// withCode reports whether a response type brings a code, alone or with tokens.
func withCode(kind string) bool { return slices.Contains(strings.Fields(kind), "code") }
