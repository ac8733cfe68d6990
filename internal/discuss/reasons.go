package discuss

// Reasons are the clauses that a decision may name by key; whoever reads one is
// given it in their own language. Any other reason is what somebody typed.
var Reasons = []string{"off_topic", "abuse", "hate", "advertising", "personal", "illegal", "false", "quality", "standards"}

var reasonWords = map[string]string{
	"off_topic": "Off topic", "abuse": "Personal attack", "hate": "Hate or discrimination", "advertising": "Advertising",
	"personal": "Private information", "illegal": "Illegal content", "false": "False and harmful", "quality": "Low quality", "standards": "Broke this site's standards",
}

// ReasonWords is a reason for where nobody knows its reader's language: the
// name of its clause in English, or what somebody typed.
func ReasonWords(reason string) string {
	if w, ok := reasonWords[reason]; ok {
		return w
	}
	return reason
}
