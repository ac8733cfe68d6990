package app

import "fmt"

// Count is a number with its noun, in English: the command line speaks no other.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Bytes is a size for people.
func Bytes(n int64) string {
	const unit = 1024
	if n < unit {
		return fmt.Sprintf("%d B", n)
	}
	v, names := float64(n)/unit, "kMGTP"
	for len(names) > 1 && v >= unit {
		v, names = v/unit, names[1:]
	}
	return fmt.Sprintf("%.1f %cB", v, names[0])
}

// Noun is the word that goes with a number which stands elsewhere.
func Noun(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
