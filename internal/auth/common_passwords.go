package auth

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// commonPasswords are those that lists of leaked ones begin with, as far as they
// are long enough. A library that judges any text (zxcvbn) was tried: its tables
// cost every server 10 MiB of memory.
const commonPasswords = `
	password passw0rd password1 password12 password123 passwort passwort1 motdepasse contrasena parola123 passwords
	iloveyou iloveyou1 iloveyou2 sunshine princess princess1 football football1 baseball baseball1 basketball superman superman1 batman123 spiderman
	trustno1 letmein1 letmein12 letmein123 welcome1 welcome12 welcome123 whatever jennifer michelle michael1 michael123 jordan23 corvette mercedes starwars
	computer internet samsung1 admin123 administrator adminadmin administrator1 root1234 rootroot changeme changeme1 changeme123 secret123 default1 master123
	test1234 testtest test12345 testing1 testing123 guest123 user1234 username demo1234 parley123 parleyparley
	abc12345 abcd1234 abc123456 aa123456 a1234567 a12345678 qwerty12 qwerty123 qwerty1234 qwerty12345 qwert123 azerty123 qwertz123
	1q2w3e4r 1q2w3e4r5t 1qaz2wsx qazwsxedc zaq12wsx zaq1zaq1 q1w2e3r4 1qazxsw2 asdf1234 asdfasdf zxcvbnm1
	monkey123 dragon12 dragon123 shadow123 killer123 charlie1 charlie123 liverpool chocolate elephant midnight butterfly samantha maverick victoria danielle
	scorpion steelers mountain swordfish startrek cheyenne alexander cristina jessica1 ashley12 nicholas benjamin jonathan christian christopher
	hello123 hellohello love1234 lovelove loveyou1 sweetheart babygirl forever1 blink182 pokemon1 pokemon123 minecraft metallica nirvana1 slipknot
	google123 facebook facebook1 youtube1 twitter1 linkedin myspace1 dropbox1 summer123 winter123 spring123 autumn123 january1 december
	йцукен12 йцукен123 пароль12 пароль123 парольпароль любовь123 привет123 наташа123 солнышко`

var common = func() map[string]bool {
	set := map[string]bool{}
	for _, p := range strings.Fields(commonPasswords) {
		set[p] = true
	}
	return set
}()

// rows are what fingers, and people who count, run along.
var rows = []string{"01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"}

// strays is how many characters beside a run or a repeat make no password of it.
const strays = 2

// easy reports that a password is a common one, or little more than a run along
// a row or the same few characters again and again.
func easy(password string) bool {
	p := []rune(strings.ToLower(password))
	if common[string(p)] || common[strings.TrimRightFunc(string(p), func(r rune) bool { return unicode.IsPunct(r) || unicode.IsDigit(r) })] {
		return true
	}
	return len(p)-longestRun(p) <= strays || repeats(p)
}

// isOwn reports that a password is little more than what somebody is called:
// names and addresses, whole or in parts, in any case and with anything between.
func isOwn(password string, own []string) bool {
	left := letters(password)
	if left == "" {
		return false
	}
	var words []string
	for _, s := range own {
		local, _, _ := strings.Cut(s, "@")
		for _, w := range append(strings.Fields(s), s, local) {
			if w = letters(w); utf8.RuneCountInString(w) > strays {
				words = append(words, w)
			}
		}
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	for _, w := range words {
		left = strings.ReplaceAll(left, w, "")
	}
	return utf8.RuneCountInString(left) <= strays
}

// letters are those of a text, and its digits, in small letters.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// longestRun is how many characters in a row follow each other, up or down, or
// are the same.
func longestRun(p []rune) (longest int) {
	for _, row := range append(rows, "") {
		for _, down := range []bool{false, true} {
			n := 1
			for i := 1; i < len(p); i++ {
				if follows(row, p[i-1], p[i], down) {
					n++
				} else {
					n = 1
				}
				longest = max(longest, n)
			}
		}
	}
	return longest
}

// follows reports that b comes after a in a row; in the empty row, that it is a.
func follows(row string, a, b rune, down bool) bool {
	if row == "" {
		return a == b
	}
	if down {
		a, b = b, a
	}
	return strings.Contains(row, string(a)+string(b))
}

// repeats reports that a password is one part of at most four characters, over and over.
func repeats(p []rune) bool {
	for n := 1; n <= 4 && 2*n <= len(p); n++ {
		same := true
		for i := n; i < len(p) && same; i++ {
			same = p[i] == p[i-n]
		}
		if same {
			return true
		}
	}
	return false
}
