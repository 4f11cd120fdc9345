# Loaded by fish at the first <tab> behind "vvault". The words come from the
# program itself, so they cannot fall behind it.
vvault completion fish | source
