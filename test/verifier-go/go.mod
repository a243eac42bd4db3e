module verifier

go 1.24.0

require (
	github.com/gtank/ristretto255 v0.2.0
	golang.org/x/mod v0.33.0
)

require filippo.io/edwards25519 v1.1.0 // indirect
