package systemtest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// block is the code of one language in a document.
func block(t *testing.T, file, lang string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(b), "```"+lang+"\n")
	code, _, end := strings.Cut(after, "```")
	if !ok || !end {
		t.Fatalf("%s has no block of %s", file, lang)
	}
	return code
}

// What the documentation gives owners to copy makes tokens that are taken.
// The signers for PHP, Python and Ruby are the same few lines; their
// interpreters are not among the tools that the tests need.
func TestTheSignersOfTheDocumentation(t *testing.T) {
	doc := filepath.Join("..", "..", "static", "docs", "sso.md")
	p := newProgram(t)
	key := strings.Fields(p.run("sso", "key", "news"))[0]
	p.start()
	dir := t.TempDir()
	write := func(name, text string) string {
		f := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(f), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return f
	}
	node := write("sign.mjs", block(t, doc, "js")+`console.log(parleyToken(process.argv[2], "news", { id: 7, name: "Nora Node" }));`)
	write("go/go.mod", "module signer\n\ngo 1.26\n")
	write("go/sso/sso.go", block(t, doc, "go"))
	write("go/main.go", "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\n\t\"signer/sso\"\n)\n\nfunc main() {\n\tt, err := sso.ParleyToken(os.Args[1], \"news\", \"8\", \"Greta Go\")\n\tfmt.Println(t, err)\n}\n")
	gocmd := exec.Command("go", "run", ".", key)
	gocmd.Dir = filepath.Join(dir, "go")
	for name, cmd := range map[string]*exec.Cmd{"Nora Node": exec.Command("node", node, key), "Greta Go": gocmd} {
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
			continue
		}
		body, _ := json.Marshal(map[string]string{"token": strings.Fields(string(out))[0]})
		a := p.do("POST", "/api/v1/sites/news/sso", string(body), "Origin", testOrigin, "X-Parley", "1")
		var got struct{ User struct{ Name string } }
		a.into(t, &got)
		if a.status != 200 || got.User.Name != name {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}
