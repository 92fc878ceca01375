package diagnose

import (
	"fmt"
	"slices"

	"mailprobe/internal/finding"

	"mailprobe/internal/tlscheck"
)

// gateways are the products among those of tlscheck that stand in a network,
// not on the computer itself.
var gateways = []string{
	"Barracuda", "Blue Coat", "Cato Networks", "Check Point", "Cisco Secure Web Appliance", "Cisco Umbrella", "Forcepoint",
	"Fortinet", "Lightspeed", "Netskope", "Palo Alto Networks", "Securly", "Smoothwall", "SonicWall", "Untangle",
	"WatchGuard", "Websense", "Zscaler",
}

func sayIntercepted(c certCase) words {
	w := words{remedy: fmt.Sprintf("In %s exempt the mail server, or switch off the inspection of encrypted mail.", c.cause.Product)}
	where := "on this computer"
	if slices.Contains(gateways, c.cause.Product) {
		where, w.blame = "in this network", finding.LocalNetwork
		w.remedy = "Ask whoever runs this network to exempt the mail servers from the inspection of encrypted connections."
	}
	w.message = fmt.Sprintf("%s %s replaces the certificate of %s and so can read the mail.", c.cause.Product, where, c.at())
	if c.cause.Fatal {
		w.message += " This computer does not trust it, so every mail program refuses."
		return w
	}
	w.message += " This computer trusts it; mail programs with their own store, such as Thunderbird, refuse."
	return w
}

func saySelfSigned(c certCase) words {
	return words{
		message: fmt.Sprintf("The certificate of %s is self-signed: no authority vouches for it. Every mail program warns or refuses.", c.at()),
		remedy:  "The provider must install a certificate from a public authority. Do not switch verification off.",
	}
}

func sayUnknownCA(c certCase) words {
	issuer := quoted(c.cause.Detail)
	w := words{
		message: fmt.Sprintf("The certificate of %s was issued by %s, an authority that is not publicly trusted. Every mail program warns or refuses.", c.at(), issuer),
		remedy:  "The provider must install a certificate from a public authority, or tell its users how to install its own.",
	}
	switch {
	case c.state.Store == tlscheck.StoreGiven && c.state.MozillaTrust == tlscheck.TrustYes:
		w.message = fmt.Sprintf("The certificate of %s was issued by %s, which is not among the authorities that this run was told to trust.", c.at(), issuer)
		w.remedy = "Add the authority's certificate to the file of trusted authorities, or leave the file out to use this computer's own."
		w.blame = finding.LocalMachine
	case c.state.Store == tlscheck.StoreGiven:
		w.message = fmt.Sprintf("The certificate of %s was issued by %s, which is neither publicly trusted nor among the authorities that this run was told to trust. Mail programs warn or refuse.", c.at(), issuer)
	}
	if len(c.state.Chain) == 1 {
		w.remedy += " The server sent no intermediate certificate: if its authority works through one, the whole chain must be installed (often a file called fullchain)."
	}
	return w
}

func sayMissingIntermediate(c certCase) words {
	missing := quoted(c.cause.Detail)
	w := words{
		message: fmt.Sprintf("%s does not send the intermediate certificate %s. Mail programs that do not fetch it themselves refuse: most of those on phones, Thunderbird and Java.", c.at(), missing),
		remedy:  "The provider must install the whole chain (often a file called fullchain).",
	}
	if !c.cause.Fatal {
		w.message += " It works on this computer only because the computer has it already."
	}
	return w
}

func sayPrivateCA(c certCase) words {
	return words{
		message: fmt.Sprintf("The certificate of %s leads to %s, which this computer trusts and the public does not. Elsewhere mail programs refuse it.", c.at(), quoted(c.cause.Detail)),
	}
}

func sayStoreOutdated(c certCase) words {
	return words{
		message: fmt.Sprintf("This computer does not know the authority of %s (%s), although Mozilla's programs trust it. Its list of authorities is old or incomplete.", c.at(), quoted(c.cause.Detail)),
		remedy:  "Update this computer, or its package of root certificates (often called ca-certificates). The server is in order.",
	}
}

func sayNoSystemRoots(c certCase) words {
	w := words{
		message: fmt.Sprintf("This computer has no list of trusted authorities, as is usual in bare containers; %s was checked against Mozilla's list instead.", c.at()),
		remedy:  "Install the package of root certificates (often called ca-certificates).",
	}
	if c.cause.Fatal {
		w.message = fmt.Sprintf("This computer has no list of trusted authorities, as is usual in bare containers, so the certificate of %s cannot be verified.", c.at())
	}
	return w
}

func sayDistrusted(c certCase) words {
	return words{
		message: fmt.Sprintf("Mozilla no longer trusts new certificates of %s, which issued that of %s. Thunderbird refuses it; other programs follow.", quoted(c.cause.Detail), c.at()),
		remedy:  "The provider should change to another authority.",
	}
}

func sayInvalid(c certCase) words {
	return words{
		message: fmt.Sprintf("The certificate of %s cannot be verified: %s.", c.at(), quoted(c.cause.Detail)),
		remedy:  "Show this report to the provider.",
	}
}

func sayKeyWeak(c certCase) words {
	return words{
		message: fmt.Sprintf("A certificate of %s has a weak key (%s; at least %d are needed). Programs begin to refuse it.", c.at(), c.cause.Detail, c.cause.Limit),
		remedy:  "The provider should install a certificate with an RSA key of 2048 bits or a P-256 key.",
	}
}
