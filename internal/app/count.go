package app

import "fmt"

// Count is a number with its noun, in English: the command line speaks no other.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
