package moderation

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/internal/discuss"
)

// Bounds of the work that a risky guest's browser does.
const (
	ProofLife = 10 * time.Minute // of a puzzle

	// ProofWork is the largest number that a puzzle may hide: a solver tries
	// half as many on average, which is nothing to one reader and dear to
	// whoever posts by the thousand.
	ProofWork = 50_000

	proofAlgorithm = "SHA-256"
	proofExpires   = "?expires="
	maxProofBytes  = 1024    // of an answer as it is sent
	maxUsedProofs  = 100_000 // remembered at a time; past it nothing is taken until some are over
	saltBytes      = 12
)

// Why an answer is not taken.
var (
	errProofShape = errors.New("not a proof")
	errProofWrong = errors.New("not the answer to a puzzle of ours")
	errProofStale = errors.New("the puzzle is over")
	errProofUsed  = errors.New("the proof was used")
)

// Proofs makes puzzles and checks their answers. The fields and what is hashed
// are those of ALTCHA's first version, so that its solvers work. Its key lives
// as long as the process: a restart ends the open puzzles, and clients get
// another. It keeps nothing of a puzzle until it is solved.
type Proofs struct {
	key [sha256.Size]byte

	mu   sync.Mutex
	used map[string]time.Time // salts of proofs taken, until they are over
}

// NewProofs makes Proofs with a key of its own.
func NewProofs() *Proofs {
	p := &Proofs{used: map[string]time.Time{}}
	_, _ = rand.Read(p.key[:]) // never fails
	return p
}

// New makes a puzzle that holds for ProofLife.
func (p *Proofs) New(now time.Time) discuss.Puzzle {
	var b [saltBytes + 8]byte
	_, _ = rand.Read(b[:])
	// The & ends the salt: without it a digit could move between it and the number.
	salt := hex.EncodeToString(b[:saltBytes]) + proofExpires + strconv.FormatInt(now.Add(ProofLife).Unix(), 10) + "&"
	var n uint64
	for _, x := range b[saltBytes:] {
		n = n<<8 | uint64(x)
	}
	challenge := proofHash(salt, int(n%(ProofWork+1)))
	return discuss.Puzzle{Algorithm: proofAlgorithm, Challenge: challenge, MaxNumber: ProofWork, Salt: salt, Signature: p.sign(challenge)}
}

// Check takes a proof once. Its answer is nil, or why it is not taken.
func (p *Proofs) Check(answer string, now time.Time) error {
	a, err := parseProof(answer)
	if err != nil {
		return err
	}
	signed := hmac.Equal([]byte(p.sign(a.Challenge)), []byte(a.Signature))
	if solved := hmac.Equal([]byte(proofHash(a.Salt, a.Number)), []byte(a.Challenge)); !signed || !solved {
		return errProofWrong
	}
	if !now.Before(a.expires) {
		return errProofStale
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.used[a.Salt]; ok {
		return errProofUsed
	}
	if len(p.used) >= maxUsedProofs {
		for salt, until := range p.used {
			if !now.Before(until) {
				delete(p.used, salt)
			}
		}
		if len(p.used) >= maxUsedProofs { // rather no risky guest for minutes than one proof for all
			return errProofUsed
		}
	}
	p.used[a.Salt] = a.expires
	return nil
}

func (p *Proofs) sign(challenge string) string {
	m := hmac.New(sha256.New, p.key[:])
	_, _ = m.Write([]byte(challenge))
	return hex.EncodeToString(m.Sum(nil))
}

func proofHash(salt string, n int) string {
	h := sha256.Sum256(strconv.AppendInt([]byte(salt), int64(n), 10))
	return hex.EncodeToString(h[:])
}

// proof is an answer to a puzzle.
type proof struct {
	Algorithm string `json:"algorithm"`
	Challenge string `json:"challenge"`
	Number    int    `json:"number"`
	Salt      string `json:"salt"`
	Signature string `json:"signature"`

	expires time.Time // as the salt says
}

// parseProof reads base64url of JSON.
func parseProof(s string) (proof, error) {
	if s == "" || len(s) > maxProofBytes {
		return proof{}, errProofShape
	}
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
	if err != nil {
		return proof{}, errProofShape
	}
	var a proof
	if err := json.Unmarshal(b, &a); err != nil || a.Algorithm != proofAlgorithm || a.Number < 0 || a.Number > ProofWork {
		return proof{}, errProofShape
	}
	_, rest, ok := strings.Cut(a.Salt, proofExpires)
	digits, ended := strings.CutSuffix(rest, "&")
	at, err := strconv.ParseInt(digits, 10, 64)
	if !ok || !ended || err != nil {
		return proof{}, errProofShape
	}
	a.expires = time.Unix(at, 0)
	return a, nil
}
