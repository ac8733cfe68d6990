package app

import (
	"context"
	"encoding/base64"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/store"
)

// siteSeals seals the secrets of sites' settings: those of hooks and scorers.
type siteSeals struct{ key *auth.Sealer }

func settingsPurpose(site discuss.ID) string { return "settings " + site.String() }

func (s siteSeals) seal(site discuss.ID, text string) string {
	return base64.RawURLEncoding.EncodeToString(s.key.Seal(text, settingsPurpose(site)))
}

func (s siteSeals) open(site discuss.ID, sealed string) (string, error) {
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return "", err
	}
	return s.key.Open(b, settingsPurpose(site))
}

// sealOld seals what builds before this one have kept as it was typed.
func (s siteSeals) sealOld(ctx context.Context, db *store.Store) error {
	sites, err := db.Sites(ctx)
	if err != nil {
		return err
	}
	for _, site := range sites {
		if !site.Settings.Moderation.SealSecrets(func(text string) string { return s.seal(site.ID, text) }) {
			continue
		}
		if err := db.Write(ctx, func(discuss.Reader) (discuss.Changes, error) {
			return discuss.Changes{discuss.PutSite{Site: site}}, nil
		}); err != nil {
			return err
		}
	}
	return nil
}
