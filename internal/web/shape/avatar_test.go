package shape

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"parley/internal/discuss"
	"parley/internal/media"
)

// What the widget draws from the end of an address is what the server draws at
// the address.
func TestTheAddressOfADrawnPictureSaysHowItIsDrawn(t *testing.T) {
	for id := range discuss.ID(50) {
		url := Shaper{Base: "https://c.example"}.Avatar(discuss.Author{ID: id + 1})
		address, drawn, ok := strings.Cut(url, "#")
		b, err := hex.DecodeString(drawn)
		if !ok || err != nil || len(b) != drawnFrom || address != "https://c.example/avatars/"+(id+1).String()+".svg" {
			t.Fatalf("%s: %v", url, err)
		}
		svg := string(media.Identicon((id + 1).String()))
		if hue := fmt.Sprintf("hsl(%d 50%% 40%%)", int(b[0])*360>>8); !strings.Contains(svg, hue) {
			t.Errorf("%s: no %s in %s", url, hue, svg)
		}
		if petals := 2 + int(b[1])%4; strings.Count(svg, "M20 20") != petals {
			t.Errorf("%s: %d petals in %s", url, petals, svg)
		}
	}
	if url := (Shaper{}).Avatar(discuss.Author{ID: 1, Avatar: "x"}); strings.Contains(url, "#") {
		t.Errorf("an uploaded picture: %s", url)
	}
}
