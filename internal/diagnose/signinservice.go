package diagnose

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/oauth"
	"mailprobe/internal/probe"
	"mailprobe/internal/replies"
)

// A SignInService is what was seen of a sign-in service without an account,
// and what is documented of it.
type SignInService struct {
	oauth.Inspection
	Issuer    string
	Endpoints map[string]string // documented, by what they are for; nil: nothing is
	Servers   []*probe.Result   // of the mail servers that its tokens open; none: not looked at
	Named     []NamedIssuer     // who names an issuer, in the order of preference; none: Issuer is documented, or was typed
}

// A NamedIssuer is whom a domain's document or host names as the sign-in
// service.
type NamedIssuer struct {
	By     string // the address of the document
	Issuer string // as written
}

// Findings judges a sign-in service. Nothing is weighed here but on the pages
// of the codes.
func (s SignInService) Findings() []finding.Finding {
	var all []finding.Finding
	for _, a := range s.Asked {
		f, ok := s.answered(a)
		if f = weighed(f); ok && !slices.ContainsFunc(all, f.Likewise) {
			all = append(all, f)
		}
	}
	for _, f := range slices.Concat(s.published(), s.contradicts(), s.grants(), s.named(), s.announced()) {
		all = append(all, weighed(f))
	}
	finding.Sort(all)
	return all
}

// serverFault is the least of the HTTP statuses by which a server confesses a
// fault of its own (RFC 9110 §15.6).
const serverFault = 500

// SaysItsWays reports whether a dialogue came as far as the ways to sign in.
func SaysItsWays(r *probe.Result) bool { return r.Step(probe.Capabilities).Status == probe.OK }

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host
}

// answered judges one address.
func (s SignInService) answered(a oauth.Asked) (finding.Finding, bool) {
	service := hostOf(a.URL)
	switch {
	case a.Signer != "":
		return finding.Finding{Code: "oauth.intercepted", Args: finding.Args{"service": service, "signer": a.Signer},
			Message: "The certificate of {service} was issued by an authority that is not trusted here: {signer}. A proxy, firewall or antivirus reads the connection.",
			Remedy:  "Let the network's administrator except {service} from TLS inspection, or trust that authority by --add-cacert. No token is fetched over such a connection.", Evidence: finding.Saw(a.Err.Error())}, true
	case a.Err != nil:
		return unreached(service, a.Err), true
	case a.Said != "":
		known := replies.Explain(replies.Query{Text: a.Said, Layer: replies.LayerToken})
		f := finding.Finding{Code: "auth.oauth_refused", Args: finding.Args{"service": service}, Message: "{service} refuses to tell of itself.",
			Remedy: "Check the address, the provider or the organisation (--tenant).", Evidence: finding.Saw(a.Said)}
		if len(known) > 0 {
			f.Code, f.Args, f.HelpURL = known[0].Code, nil, known[0].HelpURL
			f.Message, f.Remedy = finding.Verbatim(known[0].Cause), finding.Verbatim(known[0].Remedy)
		}
		return f, true
	case a.Status >= serverFault:
		return finding.Finding{Code: "oauth.unreachable", Blame: finding.Provider, Args: finding.Args{"service": service, "status": strconv.Itoa(a.Status)}, // it was reached
			Message: "{service} answers with HTTP status {status}, a fault of its own.", Remedy: "Try again later."}, true
	}
	return finding.Finding{}, false
}

// unreached says what stands between here and a host of the service.
func unreached(service string, err error) finding.Finding {
	f := finding.Finding{Code: "oauth.unreachable", Args: finding.Args{"service": service},
		Message: "{service} cannot be reached, so nobody signs in from here.",
		Remedy:  "Look whether the network, its firewall or its proxy (HTTPS_PROXY) lets {service} through.", Evidence: finding.Saw(err.Error())}
	if why, remedy := oauth.OnTheWay(err); why != "" {
		f.Args["why"] = why
		f.Message, f.Remedy = "{service} cannot be reached, so nobody signs in from here: {why}.", finding.Verbatim(strings.ToUpper(remedy[:1])+remedy[1:]+".")
	}
	return f
}

// published judges the metadata.
func (s SignInService) published() []finding.Finding {
	m := s.Metadata
	if m == nil && s.Incomplete != nil {
		return s.incomplete()
	}
	if m == nil {
		if slices.ContainsFunc(s.Asked, func(a oauth.Asked) bool { return a.What == "metadata" && a.Err == nil && a.Said == "" }) {
			return []finding.Finding{{Code: "oauth.no_metadata", Args: finding.Args{"issuer": s.Issuer},
				Message: "{issuer} publishes no metadata (openid-configuration, oauth-authorization-server) that can be read."}}
		}
		return nil
	}
	var all []finding.Finding
	if m.Issuer != "" && !s.sameService(m.Issuer) {
		all = append(all, differs("issuer", m.Issuer, s.Issuer))
	}
	for _, row := range []struct{ what, published string }{{"authorization", m.AuthURL}, {"token", m.TokenURL}, {"device", m.DeviceURL}} {
		want := s.Endpoints[row.what]
		if want != "" && row.published != "" && !alikeAddress(row.published, want) {
			all = append(all, differs(row.what+" endpoint", row.published, want))
		}
	}
	if !slices.Contains(m.PKCE, "S256") && m.PKCE != nil {
		all = append(all, finding.Finding{Code: "oauth.no_pkce", Args: finding.Args{"issuer": s.Issuer},
			Message:  "{issuer} does not name S256 among its code challenges (PKCE), which mail programs use in the browser.",
			Evidence: finding.Saw(strings.Join(m.PKCE, " "))})
	}
	return all
}

// sameService compares the published issuer with the one that was asked.
// Microsoft puts the organisation's number, or {tenantid}, in place of its name.
func (s SignInService) sameService(issuer string) bool {
	return sameIssuer(issuer, s.Issuer) || sameCloud(hostOf(issuer), hostOf(s.Issuer))
}

// alikeAddress compares two endpoints; at Microsoft a tenant has several names.
func alikeAddress(a, b string) bool {
	return a == b || hostOf(a) == hostOf(b) && sameCloud(hostOf(a), hostOf(b))
}

func differs(what, published, documented string) finding.Finding {
	return finding.Finding{Code: "oauth.metadata_differs", Args: finding.Args{"what": what, "published": published, "documented": documented},
		Message: "The sign-in service publishes another {what} than is documented: {published}, not {documented}.",
		Remedy:  "Compare both with the provider's pages. Programs that go by one of the two sign in elsewhere."}
}

// named compares what a domain's documents and hosts say of where to sign in.
func (s SignInService) named() []finding.Finding {
	var all []finding.Finding
	for _, n := range s.Named {
		if !strings.HasPrefix(strings.ToLower(n.Issuer), "https://") {
			all = append(all, finding.Finding{Code: "oauth.no_metadata", Args: finding.Args{"by": n.By, "named": n.Issuer},
				Message: "{by} names {named} as the sign-in service, which is no https address, so it was not asked."})
		} else if !s.sameService(n.Issuer) {
			all = append(all, finding.Finding{Code: "oauth.metadata_differs", Args: finding.Args{"by": n.By, "named": n.Issuer, "issuer": s.Issuer, "first": s.Named[0].By},
				Message: "{by} names {named} as the sign-in service, and {first} names {issuer}.",
				Remedy:  "Let both name the same. Which of them a program goes by differs from program to program."})
		}
	}
	return all
}
