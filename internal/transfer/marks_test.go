package transfer

import (
	"bytes"
	"context"
	"crypto/sha1" //nolint:gosec // what remark42 names people by
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/discuss"
	"parley/internal/store"
)

func hexSHA1(s string) string {
	sum := sha1.Sum([]byte(s)) //nolint:gosec // as above
	return hex.EncodeToString(sum[:])
}

// marksSamples are exports with all that a source may hold of people. known is
// the proof that each person has come by.
var marksSamples = []struct {
	format string
	read   func(*Reader, Options) error
	in     string
	known  map[string][]discuss.Proof
}{
	{
		"wordpress", WordPress, `<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version>
<wp:author><wp:author_id>3</wp:author_id><wp:author_login>boss</wp:author_login><wp:author_email>Secret-Boss@example.com</wp:author_email></wp:author>
<item><title>A</title><link>https://blog.example.com/a/</link><wp:post_id>7</wp:post_id>
<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Boss</wp:comment_author><wp:comment_author_email>secret-typed@example.com</wp:comment_author_email><wp:comment_author_IP>198.51.100.23</wp:comment_author_IP><wp:comment_date_gmt>2020-05-06 07:08:09</wp:comment_date_gmt><wp:comment_content>One</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_user_id>3</wp:comment_user_id></wp:comment>
<wp:comment><wp:comment_id>2</wp:comment_id><wp:comment_author>Sub</wp:comment_author><wp:comment_author_email>secret-sub@example.com</wp:comment_author_email><wp:comment_author_IP>198.51.100.23</wp:comment_author_IP><wp:comment_date_gmt>2020-05-06 07:08:09</wp:comment_date_gmt><wp:comment_content>Two</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_user_id>4</wp:comment_user_id></wp:comment>
<wp:comment><wp:comment_id>3</wp:comment_id><wp:comment_author>Guest</wp:comment_author><wp:comment_author_email>secret-guest@example.com</wp:comment_author_email><wp:comment_author_IP>198.51.100.23</wp:comment_author_IP><wp:comment_date_gmt>2020-05-06 07:08:09</wp:comment_date_gmt><wp:comment_content>Three</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_user_id>0</wp:comment_user_id></wp:comment>
</item></channel></rss>`,
		map[string][]discuss.Proof{"user:3": {discuss.AddressProof("secret-boss@example.com")}, "user:4": {discuss.AddressProof("secret-sub@example.com")}, "guest:guest": nil},
	},
	{
		"disqus", func(r *Reader, o Options) error { return Disqus(r, o) }, `<?xml version="1.0"?><disqus xmlns:dsq="http://disqus.com/disqus-internals">
<post dsq:id="1"><message>One</message><createdAt>2020-05-06T07:08:09Z</createdAt><author><email>secret-ann@example.com</email><name>Ann</name><isAnonymous>false</isAnonymous><username>ann</username></author><ipAddress>198.51.100.23</ipAddress><thread dsq:id="7"/></post>
<post dsq:id="2"><message>Two</message><createdAt>2020-05-06T07:08:10Z</createdAt><author><email>secret-guest@example.com</email><name>Guest</name><isAnonymous>true</isAnonymous></author><ipAddress>198.51.100.23</ipAddress><thread dsq:id="7"/></post>
<thread dsq:id="7"><id>x</id><link>https://blog.example.com/a</link><title>A</title><createdAt>2020-05-06T07:08:09Z</createdAt><author><email>secret-boss@example.com</email><name>Boss</name></author></thread>
</disqus>`,
		map[string][]discuss.Proof{"user:ann": {discuss.AddressProof("secret-ann@example.com")}, "anonymous:guest": nil},
	},
	{
		"remark42", Remark42, `{"version":1,"users":[],"posts":[]}
{"id":"1","text":"<p>One</p>","user":{"name":"Ann","id":"email_` + hexSHA1("secret-ann@example.com") + `","ip":"198.51.100.23"},"locator":{"site":"s","url":"https://blog.example.com/a"},"time":"2020-05-06T07:08:09Z"}
{"id":"2","text":"<p>Two</p>","user":{"name":"Bo","id":"google_` + hexSHA1("1234") + `","ip":"198.51.100.23"},"locator":{"site":"s","url":"https://blog.example.com/a"},"time":"2020-05-06T07:08:09Z"}
{"id":"3","text":"<p>Three</p>","user":{"name":"Cy","id":"github_` + hexSHA1("cy") + `","ip":"198.51.100.23"},"locator":{"site":"s","url":"https://blog.example.com/a"},"time":"2020-05-06T07:08:09Z"}
`,
		map[string][]discuss.Proof{
			"email_" + hexSHA1("secret-ann@example.com"): {discuss.HashedProof("email", hexSHA1("secret-ann@example.com"))},
			"google_" + hexSHA1("1234"):                  {discuss.HashedProof("google", hexSHA1("1234"))}, "github_" + hexSHA1("cy"): nil,
		},
	},
	{
		"commento", Commento, `{"version":1,"comments":[
{"commentHex":"1","domain":"blog.example.com","url":"/a","commenterHex":"aa","markdown":"One","html":"<p>One</p>","parentHex":"root","score":0,"state":"approved","creationDate":"2020-05-06T07:08:09Z"},
{"commentHex":"2","domain":"blog.example.com","url":"/a","commenterHex":"anonymous","markdown":"Two","html":"<p>Two</p>","parentHex":"root","score":0,"state":"approved","creationDate":"2020-05-06T07:08:09Z"}],
"commenters":[{"commenterHex":"aa","email":"secret-ann@example.com","name":"Ann","provider":"commento","passwordHash":"secret-hash"},{"commenterHex":"anonymous","email":"secret-guest@example.com","name":"Guest"}]}`,
		map[string][]discuss.Proof{"aa": {discuss.AddressProof("secret-ann@example.com")}, "anonymous:guest": nil},
	},
	{
		"coral", func(r *Reader, o Options) error {
			if err := Coral(r, o); err != nil {
				return err
			}
			return CoralEnd(o)
		}, `{"id":"u1","username":"Ann","email":"secret-ann@example.com","emailVerified":true,"password":"secret-hash","profiles":[{"type":"local","id":"secret-ann@example.com","password":"secret-hash"},{"type":"google","id":"1234"}]}
{"id":"u2","username":"Bo","email":"secret-bo@example.com","emailVerified":false}
{"id":"s","url":"https://blog.example.com/a","metadata":{"title":"A"}}
{"id":"1","storyID":"s","authorID":"u1","status":"APPROVED","createdAt":{"$date":"2020-05-06T07:08:09Z"},"revisions":[{"body":"One"}],"metadata":{"ip":"198.51.100.23"}}
{"id":"2","storyID":"s","authorID":"u2","status":"APPROVED","createdAt":{"$date":"2020-05-06T07:08:09Z"},"revisions":[{"body":"Two"}]}
`,
		map[string][]discuss.Proof{"u1": {discuss.AddressProof("secret-ann@example.com"), discuss.SubjectProof("google", "1234")}, "u2": nil},
	},
	{
		"giscus", Giscus, `[{"title":"a","number":1,"comments":[{"id":1,"body":"One","created_at":"2020-05-06T07:08:09Z","user":{"login":"ann","id":77}},{"id":2,"body":"Two","created_at":"2020-05-06T07:08:09Z","user":null}]}]`,
		map[string][]discuss.Proof{"github:ann": {discuss.SubjectProof("github", "77")}, "anonymous:": nil},
	},
	{
		"artalk", Artalk, `[{"id":"1","rid":"0","content":"One","nick":"Ann","email":"secret-ann@example.com","ip":"198.51.100.23","created_at":"2020-05-06 07:08:09","page_key":"https://blog.example.com/a"}]`,
		map[string][]discuss.Proof{"anonymous:ann": nil},
	},
	{
		"waline", Waline, `{"type":"waline","data":{"Comment":[{"objectId":"1","nick":"Ann","mail":"secret-ann@example.com","ip":"198.51.100.23","comment":"One","url":"/a","insertedAt":"2020-05-06T07:08:09Z"}],"Users":[{"email":"secret-ann@example.com","password":"secret-hash","2fa":"secret-2fa"}]}}`,
		map[string][]discuss.Proof{"anonymous:ann": nil},
	},
	{
		"csv", CSV, "id,url,author,date,text,email,ip\n1,https://blog.example.com/a,Ann,2020-05-06T07:08:09Z,One,secret-ann@example.com,198.51.100.23\n",
		nil,
	},
}

// People are known by what the source says is their account's, hashed, and guests
// by nothing. No address, network or password of a file is in the bytes of the file that it is
// read into, or in those of the database.
func TestOfPeopleAKeyedHashIsKeptAlone(t *testing.T) {
	ctx := context.Background()
	for _, f := range marksSamples {
		t.Run(f.format, func(t *testing.T) {
			dir := t.TempDir()
			db, err := store.Open(filepath.Join(dir, "p.db"), store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			mark, err := db.Marker(ctx)
			if err != nil {
				t.Fatal(err)
			}
			sp, err := store.NewSpool(ctx, filepath.Join(dir, "p.spool"))
			if err != nil {
				t.Fatal(err)
			}
			o := options()
			o.Spool, o.Mark = sp, mark
			r, err := Open(strings.NewReader(f.in), int64(len(f.in)), 0)
			if err != nil {
				t.Fatal(err)
			}
			if err := f.read(r, o); err != nil {
				t.Fatal(err)
			}
			if err := sp.Arrange(); err != nil {
				t.Fatal(err)
			}
			a, err := sp.Archive()
			if err != nil || len(a.Comments) == 0 {
				t.Fatal(len(a.Comments), err)
			}
			for _, p := range a.People {
				want, named := f.known[p.Foreign]
				if f.known != nil && !named {
					t.Errorf("%s is somebody else than was thought of", p.Foreign)
				}
				if len(p.Marks) != len(want) {
					t.Errorf("%s is known by %d marks, want %d", p.Foreign, len(p.Marks), len(want))
				}
				for _, w := range want {
					found := false
					for _, got := range p.Marks {
						found = found || bytes.Equal(got, mark(w))
					}
					if !found {
						t.Errorf("%s is not known by %q", p.Foreign, w)
					}
				}
			}
			site, err := db.PutSite(ctx, discuss.Site{Key: "s", Name: "S", Settings: discuss.DefaultSettings()})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.Import(ctx, site, sp, nil); err != nil {
				t.Fatal(err)
			}
			if err := sp.Close(); err != nil {
				t.Fatal(err)
			}
			names, err := filepath.Glob(filepath.Join(dir, "*"))
			if err != nil || len(names) < 2 {
				t.Fatal(names, err)
			}
			for _, name := range names {
				text, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				low := bytes.ToLower(text)
				for _, secret := range []string{"secret-", "198.51.100.23", "c2VjcmV0L"} {
					if bytes.Contains(low, []byte(strings.ToLower(secret))) {
						t.Errorf("%s holds %s", filepath.Base(name), secret)
					}
				}
			}
		})
	}
}
