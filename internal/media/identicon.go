// Package media makes and serves pictures of people.
package media

import (
	"crypto/sha256"
	"fmt"
	"math"
)

// Identicon draws the picture of somebody who has none: a two-tone disc cut
// into petals, the same for the same seed for ever. The widget draws the same
// from the first three bytes of the sum, without asking for it.
func Identicon(seed string) []byte {
	h := sha256.Sum256([]byte(seed))
	hue, petals, turn := int(h[0])*360/256, 2+int(h[1])%4, float64(h[2])/256*math.Pi
	var d string
	for i := range petals {
		a := turn + 2*math.Pi*float64(i)/float64(petals)
		b := a + math.Pi/float64(petals)
		d += fmt.Sprintf("M20 20L%.1f %.1fA20 20 0 0 1 %.1f %.1fZ", 20+20*math.Cos(a), 20+20*math.Sin(a), 20+20*math.Cos(b), 20+20*math.Sin(b))
	}
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="20" fill="hsl(%d 45%% 82%%)"/><path fill="hsl(%d 50%% 40%%)" d="%s"/></svg>`, hue, hue, d)
}
