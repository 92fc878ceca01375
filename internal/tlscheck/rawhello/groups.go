package rawhello

import "fmt"

// groups are those of the IANA registry "TLS Supported Groups" that servers
// use, in the order in which they are offered.
var groups = []struct {
	id   uint16
	name string
}{
	{4588, "X25519MLKEM768"},
	{4587, "SecP256r1MLKEM768"},
	{4589, "SecP384r1MLKEM1024"},
	{29, "x25519"},
	{23, "secp256r1"},
	{24, "secp384r1"},
	{25, "secp521r1"},
	{30, "x448"},
	{256, "ffdhe2048"},
	{257, "ffdhe3072"},
	{258, "ffdhe4096"},
	{259, "ffdhe6144"},
	{260, "ffdhe8192"},
	{31, "brainpoolP256r1tls13"},
	{32, "brainpoolP384r1tls13"},
	{33, "brainpoolP512r1tls13"},
	{26, "brainpoolP256r1"},
	{27, "brainpoolP384r1"},
	{28, "brainpoolP512r1"},
	{22, "secp256k1"},
	{21, "secp224r1"},
	{19, "secp192r1"},
}

// GroupName returns the IANA name of a group, or its number.
func GroupName(id uint16) string {
	for _, g := range groups {
		if g.id == id {
			return g.name
		}
	}
	return fmt.Sprintf("0x%04X", id)
}

// Groups returns all groups that are known here.
func Groups() []uint16 {
	ids := make([]uint16, len(groups))
	for i, g := range groups {
		ids[i] = g.id
	}
	return ids
}

// VersionName returns the name of a protocol version, or its number.
func VersionName(v uint16) string {
	switch v {
	case SSL30:
		return "SSL 3.0"
	case TLS10:
		return "TLS 1.0"
	case TLS11:
		return "TLS 1.1"
	case TLS12:
		return "TLS 1.2"
	case TLS13:
		return "TLS 1.3"
	}
	return fmt.Sprintf("0x%04X", v)
}

// SignatureName returns the name of a signature algorithm of its own key type,
// or its number.
func SignatureName(id uint16) string {
	switch id {
	case 0x0807:
		return "ed25519"
	case 0x0808:
		return "ed448"
	case 0x0809:
		return "rsa_pss_pss_sha256"
	case 0x080a:
		return "rsa_pss_pss_sha384"
	case 0x080b:
		return "rsa_pss_pss_sha512"
	}
	return fmt.Sprintf("0x%04X", id)
}

// Signatures returns the signature algorithms of RFC 8446 §4.2.3, those with
// SHA-1 included.
func Signatures() []uint16 {
	return []uint16{
		0x0403, 0x0503, 0x0603, // ECDSA
		0x0804, 0x0805, 0x0806, // RSA-PSS
		0x0807, 0x0808, // EdDSA
		0x0401, 0x0501, 0x0601, // RSA PKCS #1
		0x0809, 0x080a, 0x080b, // RSA-PSS with its own key type
		0x0303, 0x0301, // SHA-224
		0x0203, 0x0201, 0x0402, 0x0302, 0x0202, // SHA-1 and DSA
	}
}
