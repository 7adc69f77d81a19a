echo $'\x41' $"l" !(a|b)
