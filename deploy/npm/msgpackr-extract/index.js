throw new Error('the native msgpackr addon is left out on purpose')
