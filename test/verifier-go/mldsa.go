package main

import (
	"bytes"
	"crypto/sha3"
)

// Verification of ML-DSA-44, FIPS 204: Go's standard library has it inside only. Section numbers below are of FIPS 204.

// Parameters of ML-DSA-44: section 4, table 1.
const (
	fieldQ   = 8380417
	rows     = 4 // k
	columns  = 4 // l
	degree   = 256
	dropped  = 13 // d
	tau      = 39
	gamma1   = 1 << 17
	gamma2   = (fieldQ - 1) / 88
	beta     = tau * 2
	hintsMax = 80 // omega

	challengeBytes = 32
	publicBytes    = 32 + rows*320
	zBytes         = 576
	signatureBytes = challengeBytes + columns*zBytes + hintsMax + rows
)

// poly holds coefficients in [0, q).
type poly [degree]int64

// mldsaVerify is algorithm 3 with an empty context, and algorithm 8.
func mldsaVerify(public, message, signature []byte) bool {
	if len(public) != publicBytes || len(signature) != signatureBytes {
		return false
	}
	challenge := signature[:challengeBytes]
	var z [columns]poly
	for i := range z {
		packed := signature[challengeBytes+i*zBytes:][:zBytes]
		if !unpackZ(packed, &z[i]) {
			return false
		}
		z[i].toNTT()
	}
	hints, ok := unpackHints(signature[challengeBytes+columns*zBytes:])
	if !ok {
		return false
	}
	c := sampleInBall(challenge)
	c.toNTT()
	digest := shake(64, shake(64, public), []byte{0, 0}, message)
	hash := sha3.NewSHAKE256()
	hash.Write(digest)
	for row := range rows {
		w := rowOf(public, row, &z, &c)
		hash.Write(w.highBits(hints[row]))
	}
	computed := make([]byte, challengeBytes)
	hash.Read(computed)
	return bytes.Equal(computed, challenge)
}

// rowOf is one polynomial of w'Approx: NTT^-1(A * z - c * t1 * 2^d).
func rowOf(public []byte, row int, z *[columns]poly, c *poly) poly {
	var sum poly
	for column := range columns {
		a := rejectionSample(public[:32], row, column)
		for i := range sum {
			sum[i] += a[i] * z[column][i] % fieldQ
		}
	}
	t := unpackT1(public[32+row*320:][:320])
	t.toNTT()
	for i := range sum {
		sum[i] = (sum[i] - c[i]*t[i]%fieldQ + fieldQ) % fieldQ
	}
	sum.fromNTT()
	return sum
}

func shake(bytes int, parts ...[]byte) []byte {
	hash := sha3.NewSHAKE256()
	for _, part := range parts {
		hash.Write(part)
	}
	out := make([]byte, bytes)
	hash.Read(out)
	return out
}

// bits reads numbers of `width` bits, least significant bit first: algorithms 18 and 19.
func bits(packed []byte, width int) [degree]int64 {
	var numbers [degree]int64
	for i := range numbers {
		for bit := range width {
			at := i*width + bit
			numbers[i] |= int64(packed[at/8]>>(at%8)&1) << bit
		}
	}
	return numbers
}

// unpackT1 gives t1 * 2^d: algorithm 23.
func unpackT1(packed []byte) poly {
	var t poly
	for i, number := range bits(packed, 10) {
		t[i] = number << dropped % fieldQ
	}
	return t
}

// unpackZ is algorithm 27 for one polynomial; false when the norm is too large (algorithm 8, line 13).
func unpackZ(packed []byte, z *poly) bool {
	for i, number := range bits(packed, 18) {
		value := gamma1 - number
		if value >= gamma1-beta || value <= beta-gamma1 {
			return false
		}
		z[i] = (value + fieldQ) % fieldQ
	}
	return true
}

// unpackHints is algorithm 21: which coefficients of each row have a hint.
func unpackHints(packed []byte) ([rows][degree]bool, bool) {
	var hints [rows][degree]bool
	index := 0
	for row := range rows {
		end := int(packed[hintsMax+row])
		if end < index || end > hintsMax {
			return hints, false
		}
		for first := index; index < end; index++ {
			if index > first && packed[index-1] >= packed[index] {
				return hints, false
			}
			hints[row][packed[index]] = true
		}
	}
	for ; index < hintsMax; index++ {
		if packed[index] != 0 {
			return hints, false
		}
	}
	return hints, true
}

// sampleInBall is algorithm 29.
func sampleInBall(seed []byte) poly {
	hash := sha3.NewSHAKE256()
	hash.Write(seed)
	var signs [8]byte
	hash.Read(signs[:])
	var c poly
	var one [1]byte
	for i := degree - tau; i < degree; i++ {
		for hash.Read(one[:]); int(one[0]) > i; hash.Read(one[:]) {
		}
		j := one[0]
		c[i] = c[j]
		c[j] = 1
		if bit := i + tau - degree; signs[bit/8]>>(bit%8)&1 == 1 {
			c[j] = fieldQ - 1
		}
	}
	return c
}

// rejectionSample is algorithm 30 for one polynomial of A, which is in the NTT domain: algorithms 14 and 32.
func rejectionSample(seed []byte, row, column int) poly {
	hash := sha3.NewSHAKE128()
	hash.Write(seed)
	hash.Write([]byte{byte(column), byte(row)})
	var a poly
	var three [3]byte
	for i := 0; i < degree; {
		hash.Read(three[:])
		number := int64(three[0]) | int64(three[1])<<8 | int64(three[2]&0x7f)<<16
		if number < fieldQ {
			a[i] = number
			i++
		}
	}
	return a
}

// zetas are the powers of 1753 in bit-reversed order: section 7.5.
var zetas = func() [degree]int64 {
	var powers, reversed [degree]int64
	power := int64(1)
	for i := range powers {
		powers[i] = power
		power = power * 1753 % fieldQ
	}
	for i := range reversed {
		place := 0
		for bit := range 8 {
			place |= i >> bit & 1 << (7 - bit)
		}
		reversed[i] = powers[place]
	}
	return reversed
}()

// toNTT is algorithm 41.
func (p *poly) toNTT() {
	m := 0
	for length := degree / 2; length >= 1; length /= 2 {
		for start := 0; start < degree; start += 2 * length {
			m++
			for j := start; j < start+length; j++ {
				t := zetas[m] * p[j+length] % fieldQ
				p[j+length] = (p[j] - t + fieldQ) % fieldQ
				p[j] = (p[j] + t) % fieldQ
			}
		}
	}
}

// fromNTT is algorithm 42.
func (p *poly) fromNTT() {
	m := degree
	for length := 1; length < degree; length *= 2 {
		for start := 0; start < degree; start += 2 * length {
			m--
			for j := start; j < start+length; j++ {
				t := p[j]
				p[j] = (t + p[j+length]) % fieldQ
				p[j+length] = (fieldQ - zetas[m]) * ((t - p[j+length] + fieldQ) % fieldQ) % fieldQ
			}
		}
	}
	for i := range p {
		p[i] = p[i] * 8347681 % fieldQ // 256^-1
	}
}

// highBits is UseHint of every coefficient, packed with 6 bits each: algorithms 36, 40 and 28.
func (p *poly) highBits(hints [degree]bool) []byte {
	const buckets = (fieldQ - 1) / (2 * gamma2)
	packed := make([]byte, degree*6/8)
	for i, number := range p {
		low := number % (2 * gamma2)
		if low > gamma2 {
			low -= 2 * gamma2
		}
		high := (number - low) / (2 * gamma2)
		if number-low == fieldQ-1 {
			high, low = 0, low-1
		}
		if hints[i] && low > 0 {
			high = (high + 1) % buckets
		} else if hints[i] {
			high = (high + buckets - 1) % buckets
		}
		for bit := range 6 {
			at := i*6 + bit
			packed[at/8] |= byte(high>>bit&1) << (at % 8)
		}
	}
	return packed
}
