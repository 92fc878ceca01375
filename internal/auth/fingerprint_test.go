package auth

import "testing"

func TestFingerprint(t *testing.T) {
	key, other := []byte("drawn at random"), []byte("drawn another time")
	password := func(s string) *Credential { return NewCredential(Password, NewSecret(s)) }
	same := password("correct horse").Fingerprint(key)
	if again := password("correct horse").Fingerprint(key); again != same {
		t.Error("one secret has two fingerprints")
	}
	for what, got := range map[string][32]byte{
		"no credential": (*Credential)(nil).Fingerprint(key), "another password": password("correct horsf").Fingerprint(key),
		"a token of that text": NewCredential(Token, NewSecret("correct horse")).Fingerprint(key), "another key": password("correct horse").Fingerprint(other),
		"a password for each host": NewPasswords(map[string]Secret{"a.example": NewSecret("correct horse")}).Fingerprint(key),
	} {
		if got == same {
			t.Errorf("%s has the same fingerprint", what)
		}
	}
	each := func(pairs ...string) [32]byte {
		m := map[string]Secret{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = NewSecret(pairs[i+1])
		}
		return NewPasswords(m).Fingerprint(key)
	}
	if each("a.example", "x", "b.example", "y") != each("b.example", "y", "a.example", "x") || each("a.example", "x", "b.example", "y") == each("a.example", "y", "b.example", "x") {
		t.Error("the passwords of two hosts are mixed up")
	}
}
