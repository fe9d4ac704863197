import { Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiResponse, ApiSchema, ApiTags } from '@nestjs/swagger';
import { OpenController } from '../platform/http/index.js';
import { Readiness } from './readiness.js';
import { VERSION } from './version.js';

@ApiSchema({ name: 'healthStatus' })
export class HealthStatus {
  @ApiProperty({ type: String, example: 'ok' }) status!: string;
}

@ApiSchema({ name: 'version' })
export class Version {
  @ApiProperty({ type: String, example: '0.1.0' }) version!: string;
}

@ApiTags('health')
@OpenController(['', 'admin'])
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @ApiOperation({ operationId: 'isAlive', summary: 'Check that the process answers' })
  @ApiOkResponse({ type: HealthStatus })
  @Get('health/alive')
  alive(): HealthStatus {
    return { status: 'ok' };
  }

  @ApiOperation({
    operationId: 'isReady',
    summary: 'Check that the process and its database answer; 503 during shutdown',
  })
  @ApiResponse({ status: 503, description: 'The database cannot be reached, or the server is stopping.' })
  @ApiOkResponse({ type: HealthStatus })
  @Get('health/ready')
  async ready(): Promise<HealthStatus> {
    await this.readiness.check();
    return { status: 'ok' };
  }

  @ApiOperation({ operationId: 'getVersion', summary: 'Get the running version' })
  @ApiOkResponse({ type: Version })
  @Get('version')
  version(): Version {
    return { version: VERSION };
  }
}
