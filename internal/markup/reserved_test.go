package markup

import "testing"

// What only staff may be called, in letters that look like it too.
func TestNamesOfStaffAreReserved(t *testing.T) {
	for _, name := range []string{
		"Moderator", "MODERATOR", "Admin", "admin_2", "Admin 1", "The Admin", "Мodеrаtоr", "m0derator", "A-d-m-i-n", "Редакция", "Модератор", "Аdmin",
		"ꓮꓓꓟꓲꓠ", "Ꭺdmin", "ⲁdⲙⲓⲛ", "管理员", "運営", "관리자", "المشرف", "מנהל", "Redaktion", "Modérateur", "Yönetici",
	} {
		if !Reserved(name) {
			t.Errorf("%q may be taken, want it kept for staff", name)
		}
	}
	for _, name := range []string{"Ann Lee", "Adminah", "Moderato", "Ted", "Edith Orr", "Teamwork", "2026", "👍", "李", "Мод", "The Guesthouse", "Rosa Redaktor-Klein"} {
		if Reserved(name) {
			t.Errorf("%q is kept for staff, want it free", name)
		}
	}
	if !Reserved("the lаntern", "The Lantern") || Reserved("Lantern Jack", "The Lantern") {
		t.Error("the site's own name, and no other, is the site's")
	}
}
