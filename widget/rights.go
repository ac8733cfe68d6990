package main

import (
	"fmt"
	"strings"

	"parley/internal/discuss"
)

const rightsFile = "widget/src/shared/rights.ts"

// rights is who may do what, as TypeScript: made from the table by which the
// server decides, so that a page never offers what would be refused.
func rights() []byte {
	out := &strings.Builder{}
	out.WriteString("// Made by `go run ./widget` from internal/discuss/can.go. Not to be edited.\n\n// The roles that may do each act: one name each, so that a page carries what it asks for.\n")
	table := &strings.Builder{}
	for _, act := range discuss.Acts {
		var roles []string
		for _, role := range []discuss.Role{discuss.Member, discuss.Auditor, discuss.Staff, discuss.Moderator, discuss.Admin} {
			if (discuss.Actor{Account: 1, Role: role}).May(act) {
				roles = append(roles, fmt.Sprintf("%q", role))
			}
		}
		roles = append(roles, `"operator"`) // who may do everything
		name := strings.ToUpper(string(act))
		fmt.Fprintf(out, "export const %s: readonly string[] = [%s];\n", name, strings.Join(roles, ", "))
		fmt.Fprintf(table, "\t%s: %s,\n", act, name)
	}
	out.WriteString("\n/** rights are the roles that may do an act. */\nexport const rights = {\n" + table.String() + "} as const;\n\n" +
		"/** Act is something that needs a right. */\nexport type Act = keyof typeof rights;\n\n" +
		"/** may tells whether a role may do an act. */\nexport function may(role: string, act: Act): boolean {\n\treturn rights[act].includes(role);\n}\n")
	return []byte(out.String())
}
