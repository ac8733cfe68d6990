package markup

import "testing"

// What only staff may be called, in letters that look like it too.
func TestNamesOfStaffAreReserved(t *testing.T) {
	for _, name := range []string{
		"Moderator", "MODERATOR", "Admin", "admin_2", "Admin 1", "The Admin", "Мodеrаtоr", "m0derator", "A-d-m-i-n", "Редакция", "Модератор", "Аdmin",
		"ꓮꓓꓟꓲꓠ", "Ꭺdmin", "ⲁdⲙⲓⲛ", "管理员", "運営", "관리자", "المشرف", "מנהל", "Redaktion", "Modérateur", "Yönetici",
		"Admin (staff)", "Ann (moderator)", "Ann – Moderator", "Mod | Ann", "Ann, Редакция", "The Editors of the Site", "Team Support", "Аnn [аdmin]",
	} {
		if !Reserved(name) {
			t.Errorf("%q may be taken, want it kept for staff", name)
		}
	}
	for _, name := range []string{"Ann Lee", "Adminah", "Moderato", "Ted", "Edith Orr", "Teamwork", "2026", "👍", "李", "Мод", "The Guesthouse", "Rosa Redaktor-Klein", "Ann (Berlin)", "Peter Mod", "Guest of Honour", "Owner of a Cat", "Home Team", "a"} {
		if Reserved(name) {
			t.Errorf("%q is kept for staff, want it free", name)
		}
	}
	for _, name := range []string{"Lantern Team", "Team Lantern", "The Lantern Editors", "Lantern (Berlin team)"} {
		if got, want := Reserved(name, "The Lantern"), name != "Lantern (Berlin team)"; got != want {
			t.Errorf("%q beside a site of that name: %v", name, got)
		}
	}
	if !Reserved("the lаntern", "The Lantern") || Reserved("Lantern Jack", "The Lantern") {
		t.Error("the site's own name, and no other, is the site's")
	}
}

// A picture beside a name, or a letter without ink in it, makes no other name.
func TestWhatNobodyReadsMakesNoName(t *testing.T) {
	for _, name := range []string{"Ann Lee 🌟", "★ Ann Lee", "Ann\u3164 Lee", "Ann Lee\u115F", "Ann\u2800Lee", "Ann Lee ✓️"} {
		clean, err := CleanName(name)
		if err != nil {
			t.Errorf("%q: %v", name, err)
		} else if Skeleton(clean) != Skeleton("Ann Lee") {
			t.Errorf("%q is another than Ann Lee: %q", name, Skeleton(clean))
		}
	}
	for _, name := range []string{"Μax", "ΜΑΧ", "\u1d0dax", "МАХ", "ΜAX"} { // Greek, a small capital, Cyrillic
		if Skeleton(name) != Skeleton("Max") {
			t.Errorf("%q is another than Max: %q", name, Skeleton(name))
		}
	}
	if Skeleton("Μαρία") != Skeleton("μαρία") || Skeleton("Νίκος") == Skeleton("Nikos") {
		t.Error("a Greek name is compared as a Latin one")
	}
	for _, name := range []string{"\u3164\u3164", "\u2800\u115F\u1160"} {
		if clean, err := CleanName(name); err == nil {
			t.Errorf("%q became %q", name, clean)
		}
	}
	if Skeleton("🐱🐶") == Skeleton("🐶🐱") || Skeleton("🐱") == "" {
		t.Error("names of pictures alone are one name")
	}
}
