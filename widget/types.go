package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
)

const (
	description = "static/assets/openapi.json"           // made from the table of routes
	typesFile   = "widget/src/shared/api/generated.d.ts" // made from the description
)

// schema is what our own description uses of JSON Schema; see
// internal/web/openapi_test.go, which writes it.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       typeNames         `json:"type"`
	Enum       []json.RawMessage `json:"enum"`
	AnyOf      []schema          `json:"anyOf"`
	Items      *schema           `json:"items"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
	Additional *schema           `json:"additionalProperties"`
}

// typeNames is one name of a type, or a list of them.
type typeNames []string

func (t *typeNames) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*t = typeNames{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(t))
}

// operation is a route, as far as types are about it.
type operation struct {
	RequestBody body            `json:"requestBody"`
	Responses   map[string]body `json:"responses"`
}

type body struct {
	Content map[string]struct {
		Schema schema `json:"schema"`
	} `json:"content"`
}

// apiTypes are the TypeScript types of the API, made from its description:
// one interface a schema, and what each route takes and answers.
func apiTypes(file string) ([]byte, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var doc struct {
		Paths      map[string]map[string]json.RawMessage `json:"paths"`
		Components struct {
			Schemas map[string]schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	out := &strings.Builder{}
	out.WriteString("// Made by `go run ./widget` from " + description + ". Not to be edited.\n")
	for _, name := range sorted(doc.Components.Schemas) {
		s := doc.Components.Schemas[name]
		if s.Properties == nil {
			fmt.Fprintf(out, "\nexport type %s = %s;\n", name, s.ts(""))
			continue
		}
		fmt.Fprintf(out, "\nexport interface %s %s\n", name, s.fields(""))
	}
	answers, bodies := &strings.Builder{}, &strings.Builder{}
	for _, path := range sorted(doc.Paths) {
		for _, method := range sorted(doc.Paths[path]) {
			var o operation
			if json.Unmarshal(doc.Paths[path][method], &o) != nil {
				continue // parameters that all methods of a path share
			}
			key := fmt.Sprintf("%q", strings.ToUpper(method)+" "+path)
			if s, ok := o.RequestBody.json(); ok {
				fmt.Fprintf(bodies, "\t%s: %s;\n", key, s.ts("\t"))
			}
			if s, ok := o.answer(); ok {
				fmt.Fprintf(answers, "\t%s: %s;\n", key, s.ts("\t"))
			}
		}
	}
	out.WriteString("\n/** Answers are what a route that went well tells, by method and path. */\nexport interface Answers {\n" + answers.String() + "}\n")
	out.WriteString("\n/** Bodies are what a route takes. */\nexport interface Bodies {\n" + bodies.String() + "}\n")
	return []byte(out.String()), nil
}

// json is the schema of a body that is JSON.
func (b body) json() (schema, bool) {
	c, ok := b.Content["application/json"]
	return c.Schema, ok
}

// answer is the schema of the lowest status that means yes and tells
// something: the description gives those without a body a bare string.
func (o operation) answer() (schema, bool) {
	for _, status := range sorted(o.Responses) {
		if s, ok := o.Responses[status].json(); ok && status < "300" && !slices.Equal(s.Type, typeNames{"string"}) {
			return s, true
		}
	}
	return schema{}, false
}

// fields is the body of an interface.
func (s schema) fields(indent string) string {
	out := &strings.Builder{}
	out.WriteString("{\n")
	for _, name := range sorted(s.Properties) {
		mark := "?"
		if slices.Contains(s.Required, name) {
			mark = ""
		}
		fmt.Fprintf(out, "%s\t%s%s: %s;\n", indent, name, mark, s.Properties[name].ts(indent+"\t"))
	}
	out.WriteString(indent + "}")
	return out.String()
}

// ts is the schema as a TypeScript type; indent is that of the line it stands on.
func (s schema) ts(indent string) string {
	switch {
	case s.Ref != "":
		return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
	case len(s.AnyOf) > 0:
		return union(s.AnyOf, func(a schema) string { return a.ts(indent) })
	case len(s.Enum) > 0:
		return union(s.Enum, func(v json.RawMessage) string { return string(v) })
	case len(s.Type) == 0:
		return "unknown"
	}
	return union(s.Type, func(t string) string { return s.named(t, indent) })
}

// named is the schema as one of the types it may have.
func (s schema) named(name, indent string) string {
	switch name {
	case "integer", "number":
		return "number"
	case "array":
		if s.Items == nil {
			return "unknown[]"
		}
		if item := s.Items.ts(indent); !strings.Contains(item, " ") || strings.HasPrefix(item, "{") {
			return item + "[]"
		} else {
			return "(" + item + ")[]"
		}
	case "object":
		if s.Properties != nil {
			return s.fields(indent)
		}
		if s.Additional != nil {
			return "Record<string, " + s.Additional.ts(indent) + ">"
		}
		return "object"
	}
	return name // string, boolean, null
}

// union joins types, null last: so is it written by hand.
func union[T any](list []T, name func(T) string) string {
	names := make([]string, len(list))
	for i, t := range list {
		names[i] = name(t)
	}
	sort.SliceStable(names, func(i, j int) bool { return names[i] != "null" && names[j] == "null" })
	return strings.Join(names, " | ")
}

func sorted[T any](m map[string]T) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
