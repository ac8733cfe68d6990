package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTypesSayWhatTheDescriptionSays(t *testing.T) {
	file := filepath.Join(t.TempDir(), "api.json")
	doc := `{"paths": {"/a/{id}": {"parameters": [], "get": {
			"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
				"404": {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}}},
		"put": {"requestBody": {"content": {"application/json": {"schema": {"type": "array", "items": {"type": ["null", "string"]}}}}},
			"responses": {"204": {"description": "done"}}}}},
		"components": {"schemas": {"Thing": {"type": "object", "required": ["id", "of", "by"], "properties": {
			"id": {"type": "integer"}, "why": {"enum": ["a", "b"], "type": "string"},
			"of": {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Thing", "type": "object"}]},
			"by": {"type": "object", "additionalProperties": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}},
			"any": {}}}}}}`
	if err := os.WriteFile(file, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := apiTypes(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"export interface Thing {\n\tany?: unknown;\n\tby: Record<string, Thing[]>;\n\tid: number;\n\tof: Thing | null;\n\twhy?: \"a\" | \"b\";\n}\n",
		"export interface Answers {\n\t\"GET /a/{id}\": Thing;\n}\n",
		"export interface Bodies {\n\t\"PUT /a/{id}\": (string | null)[];\n}\n",
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no\n%s\nin\n%s", want, b)
		}
	}
}

func TestATypeThatNobodyWroteAnewIsNotFresh(t *testing.T) {
	file := filepath.Join(t.TempDir(), "generated.d.ts")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if fresh(file, []byte("old")) != nil {
		t.Error("the same is not fresh")
	}
	if fresh(file, []byte("new")) == nil {
		t.Error("another is fresh")
	}
}
