#compdef vvault
# Loaded by zsh at the first <tab> behind "vvault". The words come from the
# program itself, so they cannot fall behind it.
eval "$(vvault completion zsh)"
_vvault "$@"
