package published

import (
	"bytes"

	"github.com/smallstep/pkcs7"

	"mailprobe/internal/finding"
)

// unwrap takes a document out of its signature (CMS, RFC 5652); nil: it cannot.
// Who signed is told and trusted for nothing.
func (d *Document) unwrap(source []byte) []byte {
	if berDepth(source) > MaxDepth {
		d.unreadable(0, "settings.too_large", "The document is larger than programs need to read: {why}.", "Sign the profile anew.", finding.Args{"why": errDeep.Error()})
		return nil
	}
	signed, err := pkcs7.Parse(source)
	if err != nil || len(signed.Content) == 0 {
		d.unreadable(0, "settings.not_well_formed", "The profile seems to be signed, but no signed content (CMS) can be taken out of it.", "Sign the profile anew, as DER and with its content inside.", nil)
		return nil
	}
	who := "a certificate that is not in the file"
	if c := signed.GetOnlySigner(); c != nil {
		if who = c.Subject.CommonName; who == "" {
			who = c.Subject.String()
		}
	}
	d.says(0, "settings.signed", "The profile is signed by {who}; mailprobe does not judge whether that may be trusted.", "", finding.Args{"who": quoted(who)})
	if len(signed.Signers) == 0 || signed.Verify() != nil {
		d.says(0, "settings.signature_wrong", "The signature does not belong to this content, so Apple's devices refuse the profile or call it unsigned.", "Sign the profile anew.", nil)
	}
	return bytes.TrimSpace(signed.Content)
}

// berDepth returns how deep the values of BER stand within one another, and
// more than MaxDepth as soon as it is more.
func berDepth(b []byte) int {
	depth, most := 0, 0
	var ends []int // of the constructed values that are open; -1: at their mark
	for at := 0; at+1 < len(b) && depth <= MaxDepth; {
		for len(ends) > 0 && ends[len(ends)-1] >= 0 && at >= ends[len(ends)-1] {
			ends, depth = ends[:len(ends)-1], depth-1
		}
		if b[at] == 0 && b[at+1] == 0 && len(ends) > 0 && ends[len(ends)-1] < 0 {
			ends, depth, at = ends[:len(ends)-1], depth-1, at+2
			continue
		}
		constructed, head, size := berHead(b[at:])
		if head == 0 {
			break
		}
		if !constructed {
			at += head + max(size, 0)
			continue
		}
		at += head
		end := -1
		if size >= 0 {
			end = at + size
		}
		ends, depth = append(ends, end), depth+1
		most = max(most, depth)
	}
	return most
}

// berHead reads the tag and the length of a value; a length of -1 is not known
// before its mark. A head of 0: it cannot be read.
func berHead(b []byte) (constructed bool, head, size int) {
	constructed, head = b[0]&0x20 != 0, 1
	if b[0]&0x1f == 0x1f {
		for head < len(b) && b[head]&0x80 != 0 {
			head++
		}
		head++
	}
	if head >= len(b) {
		return false, 0, 0
	}
	first := b[head]
	head++
	switch {
	case first == 0x80:
		return constructed, head, -1
	case first < 0x80:
		return constructed, head, int(first)
	}
	n := int(first & 0x7f)
	if n > 4 || head+n > len(b) {
		return false, 0, 0
	}
	for _, c := range b[head : head+n] {
		size = size<<8 | int(c)
	}
	return constructed, head + n, size
}
