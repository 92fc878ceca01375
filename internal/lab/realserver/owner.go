package realserver

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
)

// An owner is the system user whom files belong to.
type owner struct {
	name, group string
	uid, gid    int
}

// mailUser returns who owns the mailboxes: Dovecot refuses root.
func mailUser() (owner, error) {
	if os.Geteuid() == 0 {
		return lookUp("mail")
	}
	u, err := user.Current()
	if err != nil {
		return owner{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return lookUp(u.Username)
}

func lookUp(name string) (owner, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return owner{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		return owner{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	uid, _ := strconv.Atoi(u.Uid) // decimal on every system with these servers
	gid, _ := strconv.Atoi(u.Gid)
	return owner{u.Username, g.Name, uid, gid}, nil
}

// ownedDir makes a folder that belongs to o.
func ownedDir(path string, o owner) error {
	if err := os.Mkdir(path, 0o755); err != nil {
		return err
	}
	return os.Chown(path, o.uid, o.gid)
}
