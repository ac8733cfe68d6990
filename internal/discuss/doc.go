// Package discuss is what Parley is about: sites, threads, comments, votes and
// reports, and who may do what with them. It holds the nouns and the verbs
// and nothing else: no SQL, no HTTP, no JSON, no goroutines. Storage, text
// rendering and time are given to it.
package discuss
