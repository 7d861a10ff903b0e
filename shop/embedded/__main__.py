import sys

from shop.embedded.run import main

sys.exit(main())
