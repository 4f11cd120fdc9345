# Loaded by bash-completion at the first <tab> behind "vvault". The words come
# from the program's own table, so they cannot fall behind it.
eval "$(vvault completion bash)"
