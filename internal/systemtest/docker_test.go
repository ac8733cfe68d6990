package systemtest

import (
	"debug/elf"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

const nobody = 65532 // as the Dockerfile says

// TestTheImageServesFromAnEmptyRoot does what the Dockerfile does, without an
// engine: its build command, then the binary alone in an empty root, as nobody.
func TestTheImageServesFromAnEmptyRoot(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	built := false
	for _, line := range strings.Split(string(b), "\n") {
		command, ok := strings.CutPrefix(line, "RUN ")
		if !ok || !strings.Contains(command, "go build") {
			continue
		}
		built = true
		cmd := exec.Command("sh", "-c", strings.ReplaceAll(command, "/out/", root+"/"))
		cmd.Dir, cmd.Env = filepath.Join("..", ".."), append(os.Environ(), "VERSION=tested")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
	}
	if !built {
		t.Fatal("the Dockerfile has no build command")
	}
	for _, want := range []string{"FROM scratch", "USER 65532:65532"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the Dockerfile does not say %q", want)
		}
	}
	servesIn(t, root)
	out, err := exec.Command(filepath.Join(root, "parley"), "version").Output()
	if err != nil || !strings.Contains(string(out), "tested") {
		t.Errorf("version: %s %v", out, err)
	}
	info, err := os.Stat(filepath.Join(root, "parley"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.1f MB, static", float64(info.Size())/1e6)
}

// servesIn runs the program of an empty root there, as nobody, with what is
// needed before it on the command line.
func servesIn(t *testing.T, root string, before ...string) {
	t.Helper()
	data := filepath.Join(root, "data")
	if err := os.Mkdir(data, 0o755); err != nil {
		t.Fatal(err)
	}
	p := newEmptyProgram(t)
	line := append(before, "/parley", "serve")
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Env = []string{"PARLEY_LISTEN=" + strings.TrimPrefix(p.base, "http://"), "PARLEY_DATABASE=sqlite:/data/parley.db"}
	cmd.Dir, cmd.Stdout, cmd.Stderr = "/", p.log, p.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root}
	if os.Geteuid() == 0 {
		if err := os.Chown(data, nobody, nobody); err != nil {
			t.Fatal(err)
		}
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	} else { // a name space of our own, in which we may change the root
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.cmd = cmd
	t.Cleanup(p.kill)
	eventually(t, "it is ready", func() bool {
		r, err := http.Get(p.base + "/readyz")
		if err != nil {
			return false
		}
		_ = r.Body.Close()
		return r.StatusCode == 200
	})
	if a := p.do("GET", "/embed.js", ""); a.status != 200 || len(a.body) == 0 {
		t.Errorf("embed.js: %d", a.status)
	}
	eventually(t, "it offers a set-up", func() bool { return strings.Contains(p.log.String(), "/setup#") })
}

// TestThePackagesServe runs the packages for Linux that PARLEY_DIST names, each
// alone in an empty root: those of another processor under qemu's static emulator.
func TestThePackagesServe(t *testing.T) {
	dist := os.Getenv("PARLEY_DIST")
	if dist == "" {
		t.Skip("PARLEY_DIST names no folder with packages (make release)")
	}
	packages, err := filepath.Glob(filepath.Join(dist, "parley_*_linux_*.tar.gz"))
	if err != nil || len(packages) == 0 {
		t.Fatalf("no packages in %s: %v", dist, err)
	}
	for _, file := range packages {
		stem := strings.TrimSuffix(filepath.Base(file), ".tar.gz")
		arch := stem[strings.LastIndexByte(stem, '_')+1:]
		t.Run(arch, func(t *testing.T) {
			root := t.TempDir()
			if err := os.Chmod(root, 0o755); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command("tar", "-xzf", file, "-C", root, "--strip-components=1").CombinedOutput(); err != nil {
				t.Fatalf("%v %s", err, out)
			}
			program, err := elf.Open(filepath.Join(root, "parley"))
			if err != nil {
				t.Fatal(err)
			}
			defer program.Close()
			if needs, err := program.ImportedLibraries(); err != nil || len(needs) > 0 {
				t.Errorf("it needs %v, %v", needs, err)
			}
			var before []string
			if emulators := map[string]string{"arm64": "aarch64", "amd64": "x86_64"}; arch != runtime.GOARCH {
				emulator, err := exec.LookPath("qemu-" + emulators[arch] + "-static")
				if err != nil {
					t.Skip(err)
				}
				if out, err := exec.Command("cp", emulator, filepath.Join(root, "qemu")).CombinedOutput(); err != nil {
					t.Fatalf("%v %s", err, out)
				}
				before = []string{"/qemu"}
			}
			servesIn(t, root, before...)
		})
	}
}
