package tlscheck

import "slices"

// An Offer is a kind of method that some families offer to a server and
// others do not.
type Offer struct {
	About  string
	Suites []uint16 // before TLS 1.3
	Groups []uint16 // of TLS 1.3
	Keys   []uint16 // signature algorithms that take a key of a kind of its own
	Cells  [6]Cell
}

const (
	mozSuites     = "Mozilla, nsNSSComponent.cpp and StaticPrefList.yaml"
	windowsSuites = "Microsoft, TLS Cipher Suites in Windows 11 v22H2"
	mozSchemes    = "Mozilla, nsNSSIOLayer.cpp"
	appleSuites   = "Apple Security, SecProtocolHelper.m"
)

// Offers is the table of what is not offered by all. What is missing here is
// offered by all, as ECDHE with AES-GCM, or by none, as RC4 and 3DES.
var Offers = []Offer{
	{"RSA key exchange with AES-GCM, or with AES-CBC and SHA-1", staticRSA, nil, nil,
		[6]Cell{ranTakes, ranTakes, takes(mozSuites), takes(windowsSuites), unknown, ranRefuses}},
	{"RSA key exchange with AES-CBC and SHA-256", []uint16{0x003c, 0x003d}, nil, nil,
		[6]Cell{ranTakes, ranRefuses, refuses(mozSuites), takes(windowsSuites), unknown, ranRefuses}},
	{"RSA key exchange with AES-CCM", []uint16{0xc09c, 0xc09d}, nil, nil,
		[6]Cell{ranRefuses, ranTakes, refuses(mozSuites), refuses(windowsSuites), refuses(appleSuites), ranRefuses}},
	{"DHE of 2048 bits or more with AES-GCM, ChaCha20, or AES-CBC and SHA-1", []uint16{0x009e, 0x009f, 0xccaa, 0x0033, 0x0039}, nil, nil,
		[6]Cell{ranTakes, ranTakes, refuses(mozSuites), refuses(windowsSuites), refuses(appleSuites), ranRefuses}},
	{"DHE of 2048 bits or more with AES-CBC and SHA-256", []uint16{0x0067, 0x006b}, nil, nil,
		[6]Cell{ranTakes, ranRefuses, refuses(mozSuites), refuses(windowsSuites), refuses(appleSuites), ranRefuses}},
	{"DHE of 2048 bits or more with AES-CCM", []uint16{0xc09e, 0xc09f}, nil, nil,
		[6]Cell{ranRefuses, ranTakes, refuses(mozSuites), refuses(windowsSuites), refuses(appleSuites), ranRefuses}},
	{"ECDHE with AES-CBC and SHA-256 or SHA-384", []uint16{0xc023, 0xc024, 0xc027, 0xc028}, nil, nil,
		[6]Cell{ranTakes, ranRefuses, refuses(mozSuites), takes(windowsSuites), unknown, ranRefuses}},
	{"ECDHE with AES-CCM", []uint16{0xc0ac, 0xc0ad}, nil, nil,
		[6]Cell{ranRefuses, ranTakes, refuses(mozSuites), refuses(windowsSuites), refuses(appleSuites), ranRefuses}},
	{"the groups X448, ffdhe2048 and ffdhe3072", nil, []uint16{30, 256, 257}, nil,
		[6]Cell{ranTakes, ranTakes, unknown, unknown, unknown, ranRefuses}},
	{"an Ed448 key", nil, nil, []uint16{0x0808},
		[6]Cell{ranTakes, ranTakes, refuses(mozSchemes), unknown, unknown, ranRefuses}},
	{"an RSA key that is for RSA-PSS alone", nil, nil, []uint16{0x0809, 0x080a, 0x080b},
		[6]Cell{ranTakes, ranTakes, refuses(mozSchemes), unknown, unknown, ranRefuses}},
}

// leastDH is the size of a finite-field group below which nobody is counted
// (RFC 9325 §4.5), though GnuTLS still connects.
const leastDH = 2048

// OfferFor returns the row for what a server chose, and whether any family
// offers it.
func OfferFor(x Explanation) (Offer, bool) {
	for _, o := range Offers {
		switch {
		case x.Reason == RareKey && slices.Contains(o.Keys, x.Signature):
			return o, true
		case x.Reason == NoCommonGroup && slices.Contains(o.Groups, x.Group):
			return o, true
		case x.Reason == NoCommonCipher && slices.Contains(o.Suites, x.Suite):
			return o, x.DHBits == 0 || x.DHBits >= leastDH
		}
	}
	return Offer{}, false
}

// OfferOf returns the row for a cipher suite; false: all offer it, or none.
func OfferOf(suite uint16) (Offer, bool) {
	return OfferFor(Explanation{Reason: NoCommonCipher, Suite: suite})
}

// Those returns the families with a habit.
func (o Offer) Those(h Habit) []Family { return those(o.Cells, h) }
