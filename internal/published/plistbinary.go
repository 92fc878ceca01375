package published

import (
	"encoding/binary"
	"math"
	"strconv"
	"unicode/utf16"
)

// A binaryPlist is a property list in Apple's binary form ("bplist00"). It has
// no lines.
type binaryPlist struct {
	data    []byte
	offsets []uint64
	refSize int
	left    int // values that may still be read: references can make many of few
}

const maxValues = 1 << 14

func parseBinaryPlist(b []byte) (*node, *treeError) {
	const trailer = 32
	wrong := &treeError{0, "its table of values is wrong", false}
	if len(b) < 8+trailer {
		return nil, wrong
	}
	end := b[len(b)-trailer:]
	offsetSize, refSize := int(end[6]), int(end[7])
	count, top, table := binary.BigEndian.Uint64(end[8:]), binary.BigEndian.Uint64(end[16:]), binary.BigEndian.Uint64(end[24:])
	if offsetSize < 1 || offsetSize > 8 || refSize < 1 || refSize > 8 || count > uint64(len(b)) || table > uint64(len(b)) || table+count*uint64(offsetSize) > uint64(len(b)) {
		return nil, wrong
	}
	p := &binaryPlist{data: b, refSize: refSize, left: maxValues}
	for i := range int(count) {
		p.offsets = append(p.offsets, number64(b[int(table)+i*offsetSize:][:offsetSize]))
	}
	return p.value(top, 0)
}

func number64(b []byte) (n uint64) {
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	return n
}

// value reads the value of an index.
func (p *binaryPlist) value(index uint64, depth int) (*node, *treeError) {
	p.left--
	if depth > MaxDepth || p.left < 0 {
		return nil, &treeError{0, errDeep.Error(), true}
	}
	if index >= uint64(len(p.offsets)) || p.offsets[index] >= uint64(len(p.data)) {
		return nil, &treeError{0, "it names a value that is not there", false}
	}
	at := int(p.offsets[index])
	mark := p.data[at]
	rest, size := p.data[at+1:], int(mark&0xf)
	switch mark >> 4 {
	case 0:
		return &node{kind: truthOf(mark), text: strconv.FormatBool(mark == 9)}, nil
	case 1, 2:
		return p.numeral(mark, rest)
	}
	if size == 0xf {
		n, used := p.length(rest)
		if used == 0 {
			return nil, &treeError{0, "a length is cut off", false}
		}
		size, rest = n, rest[used:]
	}
	return p.sized(mark>>4, size, rest, depth)
}

func truthOf(mark byte) kind {
	if mark == 8 || mark == 9 {
		return truth
	}
	return nothing
}

// length reads a length that does not fit its mark.
func (p *binaryPlist) length(b []byte) (n, used int) {
	if len(b) == 0 || b[0]>>4 != 1 {
		return 0, 0
	}
	width := 1 << (b[0] & 0xf)
	if width > 8 || len(b) < 1+width {
		return 0, 0
	}
	v := number64(b[1 : 1+width])
	if v > uint64(len(p.data)) {
		return 0, 0
	}
	return int(v), 1 + width
}

func (p *binaryPlist) numeral(mark byte, b []byte) (*node, *treeError) {
	width := 1 << (mark & 0xf)
	if width > 8 || len(b) < width {
		return nil, &treeError{0, "a number is cut off", false}
	}
	v := number64(b[:width])
	n := &node{kind: number, text: strconv.FormatUint(v, 10)}
	switch {
	case mark>>4 == 2 && width == 8:
		n.text = strconv.FormatFloat(math.Float64frombits(v), 'f', -1, 64)
	case mark>>4 == 2 && width == 4:
		n.text = strconv.FormatFloat(float64(math.Float32frombits(uint32(v))), 'f', -1, 32)
	}
	return n, nil
}

// sized reads a text, bytes, a list or a dictionary.
func (p *binaryPlist) sized(what byte, size int, b []byte, depth int) (*node, *treeError) {
	width := map[byte]int{4: 1, 5: 1, 6: 2, 0xa: p.refSize, 0xc: p.refSize, 0xd: 2 * p.refSize}[what]
	if width == 0 {
		return &node{kind: data}, nil
	}
	if size > len(b)/width {
		return nil, &treeError{0, "a value is cut off", false}
	}
	b = b[:size*width]
	switch what {
	case 4:
		return &node{kind: data}, nil
	case 5:
		return &node{kind: text, text: string(b)}, nil
	case 6:
		var units []uint16
		for i := 0; i < len(b); i += 2 {
			units = append(units, binary.BigEndian.Uint16(b[i:]))
		}
		return &node{kind: text, text: string(utf16.Decode(units))}, nil
	}
	n := &node{kind: array}
	if what == 0xd {
		n.kind = dict
	}
	for i := range size {
		ref := b[i*p.refSize:]
		if n.kind == dict {
			key, err := p.value(number64(ref[:p.refSize]), depth+1)
			if err != nil {
				return nil, err
			}
			n.keys = append(n.keys, key.text)
			ref = b[(size+i)*p.refSize:]
		}
		v, err := p.value(number64(ref[:p.refSize]), depth+1)
		if err != nil {
			return nil, err
		}
		n.list = append(n.list, v)
	}
	return n, nil
}
