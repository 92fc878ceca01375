package oauth

import (
	"context"
	"errors"
	"time"

	"golang.org/x/oauth2"
)

const (
	deviceLife      = 15 * time.Minute // if the provider does not say
	maxDeviceLife   = 30 * time.Minute
	pollSeconds     = 5 // if the provider does not say (RFC 8628 §3.2)
	maxPollSeconds  = 60
	maxPollFailures = 4
	maxUserCode     = 64
	maxDeviceURL    = 1024
)

// SignInDevice signs in by a code that the user types on any device
// (RFC 8628) and stores the result. It waits until the user is done or the
// code has expired, at most 30 minutes. ErrNotOffered: the provider has no
// device codes for mail.
func (c *Client) SignInDevice(ctx context.Context, p Prompt) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	if cfg.Endpoint.DeviceAuthURL == "" {
		return ErrNotOffered
	}
	g, octx := c.guard(ctx)
	answer, err := cfg.DeviceAuth(octx)
	if err != nil {
		return c.explain(g, err)
	}
	if err := c.checkDevice(answer, time.Now()); err != nil {
		return err
	}
	p.ShowDevice(answer.VerificationURI, answer.UserCode, answer.Expiry)
	tok, err := c.poll(ctx, cfg, answer)
	if err != nil {
		return err
	}
	return c.accept(ctx, tok, c.grant(DeviceCode, cfg))
}

// poll waits for the user to be done. A network or server that fails for a
// moment ends no wait, but makes the next poll later (RFC 8628 §3.5).
func (c *Client) poll(ctx context.Context, cfg *oauth2.Config, d *oauth2.DeviceAuthResponse) (*oauth2.Token, error) {
	for failures := 1; ; failures++ {
		g, octx := c.guard(ctx)
		tok, err := cfg.DeviceAccessToken(octx, d)
		if err == nil {
			return tok, nil
		}
		if ctx.Err() == nil && !time.Now().Before(d.Expiry) {
			return nil, c.refusal(g, refusal{code: "expired_token"})
		}
		var e *Error
		err = c.explain(g, err)
		if !errors.As(err, &e) || e.Reason != Unreachable && e.Reason != Temporary || ctx.Err() != nil || failures == maxPollFailures {
			return nil, err
		}
		d.Interval = min(2*d.Interval, maxPollSeconds)
	}
}

// checkDevice refuses an answer that cannot be shown, and brings its times
// within bounds: the library would panic on a negative interval and wait for
// ever on an answer without an end.
func (c *Client) checkDevice(d *oauth2.DeviceAuthResponse, now time.Time) error {
	switch {
	case d.DeviceCode == "" || d.UserCode == "":
		return c.unexpected("it names no device code")
	case len(d.UserCode) > maxUserCode || len(d.VerificationURI) > maxDeviceURL:
		return c.unexpected("its code or address is too long to be typed")
	case !protected(d.VerificationURI):
		return c.unexpected("its address to open is no https URL")
	}
	if d.Expiry.IsZero() {
		d.Expiry = now.Add(deviceLife)
	}
	if latest := now.Add(maxDeviceLife); d.Expiry.After(latest) {
		d.Expiry = latest
	}
	if d.Interval <= 0 {
		d.Interval = pollSeconds
	}
	d.Interval = min(d.Interval, maxPollSeconds)
	return nil
}
